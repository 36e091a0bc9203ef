"""The few compiled loops. They read arrays and plain numbers, and never a policy."""
