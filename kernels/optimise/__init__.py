"""The mathematics of optimisation campaigns: ask and tell, without a loop."""
