"""What must hold under fuzz, at the limits, under kill -9, in a crowd and on a full disk."""
