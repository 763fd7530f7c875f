"""Links between figures and what they are figures of: candidate spans, named features, a trained scorer, a decoder."""
