"""The endpoints: each reads a request, calls one function below, and writes the answer. Paths: protocol/http.py."""
