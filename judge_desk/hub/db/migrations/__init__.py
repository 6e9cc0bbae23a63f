"""Alembic's folder: env.py is run by Alembic itself, versions/ holds one file a change of the tables."""
