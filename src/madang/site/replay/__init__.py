"""A year replayed: synthetic people do through the real actions what a city's scenario says.

The scenario is data of the city (`year/*.toml`): dated steps with counts. Nothing here knows a city.
"""
