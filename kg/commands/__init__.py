"""The commands of `cartograph`, one module each: they read options, call the library, and write what comes back."""
