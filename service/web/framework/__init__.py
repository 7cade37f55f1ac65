"""From a typed request to an answer: endpoints, decoding, problems, caching."""
