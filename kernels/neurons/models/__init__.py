"""One file per family of models; each model is data plus its equations."""
