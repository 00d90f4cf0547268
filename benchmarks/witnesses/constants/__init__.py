"""Constants of the models typed a second time, from the literature."""
