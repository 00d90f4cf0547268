"""What results look like in a terminal and in a pipe."""
