"""The five kinds of agents: what each is, knows and decides."""
