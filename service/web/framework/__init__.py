"""From a typed request to an answer: endpoints, decoding, validation errors, problems, caching."""
