"""What we say: text, one file a lecture, and the experiments that measure what it claims."""
