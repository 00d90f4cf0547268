"""Constants of the models, typed a second time from the papers and the authors' programs."""
