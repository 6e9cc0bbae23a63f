"""Settings: how the desk looks, when it locks, where it lies, whether it is sound."""
