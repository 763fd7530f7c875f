"""What can be said: the vocabulary, the IRIs, the shapes of a written graph, and the errors."""
