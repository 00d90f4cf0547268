"""The SDK: one core without I/O, and thin shells that send and receive."""
