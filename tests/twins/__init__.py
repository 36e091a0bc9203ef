"""Plain-Python twins of the compiled kernels: slow, short, and written from the words of the model."""
