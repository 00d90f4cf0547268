"""Neuron models, batches of parameter points, and the engines that advance them."""
