"""Brings the shop's data to the shape that this version expects, before the application runs."""

from redis import Redis

VERSION = 1

with Redis() as redis:
    redis("SETNX", "visits", 0)
    redis("SET", "schema", VERSION)
print(f"migrate: the schema is at version {VERSION}", flush=True)
