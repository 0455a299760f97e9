"""Fixed names: those of the API itself, which no type of a model can have."""

from __future__ import annotations

from graphql_api.kinds.registry import KINDS
from graphql_api.model.names import list_filter_name

FIXED_TYPES = frozenset(
    (
        *("Query", "Mutation", "Subscription", "Node", "PageInfo", "PageMeta", "Content", "Snippet"),
        *(
            "ContentChange",
            "ContentChanges",
            "ChangedEntry",
            "ChangeKind",
            "LoadReport",
            "LoadProblem",
            "ProblemSeverity",
            "ReferenceStatus",
            "Heading",
        ),
        *KINDS,
        *(kind.filter_name for kind in KINDS.values() if kind.filter_name),
        *(list_filter_name(kind.filter_name.removesuffix("Filter")) for kind in KINDS.values() if kind.filter_name),
    )
)
FIXED_QUERIES = frozenset(("node", "nodes", "content", "changes", "redirect"))
FIXED_COUNTS = frozenset(("version", "loadedAt", "sequence", "label", "danglingCount"))
FIXED_FILTERS = frozenset(("and", "or", "not"))
SEARCH_ALL_TYPES = ("SearchAllConnection", "SearchAllEdge", "SearchAllType", "SearchAllFacets")
