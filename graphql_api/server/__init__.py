"""HTTP: the GraphQL endpoint, GraphiQL, the response cache and the probes. The only user of Starlette and uvicorn."""
