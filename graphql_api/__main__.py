"""`python -m graphql_api` is `graphql-api`."""

from graphql_api.cli.program import main

if __name__ == "__main__":
    main()
