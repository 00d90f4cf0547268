"""Configurations of campaigns, each with its title in the first line, and what they need."""
