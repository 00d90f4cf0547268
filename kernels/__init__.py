"""Numerics of Studio: neuron models and their engines. Pure, and without any import of studio."""
