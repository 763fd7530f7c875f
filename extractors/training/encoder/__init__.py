"""Training of the encoder: what its answers should be, the network, fitting it and writing it as an ONNX file."""
