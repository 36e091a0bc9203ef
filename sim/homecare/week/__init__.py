"""The week: phases that introduce the five kinds of agents to each other."""
