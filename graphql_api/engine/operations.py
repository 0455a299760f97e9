"""Operations: each with the plans that its variables have led to so far."""

from __future__ import annotations

from collections import OrderedDict
from sys import getsizeof
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLObjectType

from graphql_api.engine.aside import MANY_CHARACTERS
from graphql_api.engine.introspection import Introspection, is_introspection
from graphql_api.engine.planner import Planner
from graphql_api.engine.plans import Plan
from graphql_api.engine.selections import Selections
from graphql_api.engine.shapes import FieldShapes
from graphql_api.engine.sql import as_bytes, settled
from graphql_api.engine.subscriptions import members_of
from graphql_api.engine.syntax import TREE_BYTES_PER_CHARACTER
from graphql_api.engine.variables import VariableDefinitions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from graphql import OperationDefinitionNode

    from graphql_api.engine.subscriptions import Members
    from graphql_api.engine.syntax import Syntax
    from graphql_api.schema.build import Schema

_PLANS_PER_OPERATION = 64
_OPERATION_BYTES = 2_000


class Operation:
    """One operation of a valid document, and its plans by the shape of their variables."""

    def __init__(
        self,
        schema: Schema,
        syntax: Syntax,
        node: OperationDefinitionNode,
        on_growth: Callable[[], None],
    ) -> None:
        """Prepare to plan; `on_growth` is told when there is one plan more to keep."""
        self._schema = schema
        self._syntax = syntax
        self.name = node.name.value if node.name else None
        self.type = node.operation
        self._on_growth = on_growth
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()
        self._shapes_weight = 0
        self._introspection: Introspection | None = None
        self.has_warned = False
        self.variables = VariableDefinitions(schema.graphql, node, syntax.limits)
        self._own_weight = _OPERATION_BYTES + sum(
            TREE_BYTES_PER_CHARACTER * (each.loc.end - each.loc.start)
            for each in node.variable_definitions or ()
            if each.loc
        )

    @property
    def weight(self) -> int:
        """About how many bytes of memory the operation takes, without its document's text and tree."""
        introspection = self._introspection.weight if self._introspection else 0
        return (
            self._own_weight + introspection + self._shapes_weight + sum(plan.weight for plan in self._plans.values())
        )

    @property
    def is_long(self) -> bool:
        """Whether it takes long to plan it."""
        return self._syntax.characters > MANY_CHARACTERS

    def plan(self, variables: Mapping[str, Any]) -> Plan:
        """Return the plan for the shape of `variables`, coerced values. Raises BadUserInputError."""
        return self.known_plan(variables) or self.keep(variables, self.planned(variables))

    def known_plan(self, variables: Mapping[str, Any]) -> Plan | None:
        """Return the same if it has been made before."""
        return self._plans.get(self.variables.shape(variables))

    def keep(self, variables: Mapping[str, Any], plan: Plan) -> Plan:
        """Remember and return the plan that `planned` has made."""
        shape = self.variables.shape(variables)
        if shape not in self._plans:
            self._plans[shape] = plan
            self._shapes_weight += _weight_of(shape)
            if len(self._plans) > _PLANS_PER_OPERATION:
                oldest, _ = self._plans.popitem(last=False)
                self._shapes_weight -= _weight_of(oldest)
            self._on_growth()
        return plan

    def known_introspection(self) -> Mapping[bytes, bytes] | None:
        """Return the JSON of each introspection field, by response key, if it is always the same and known."""
        return self._introspection.known if self._introspection else None

    def introspected(self, given: Mapping[str, Any]) -> Mapping[bytes, bytes]:
        """Return the same for any variables, as they came. Whoever calls it says `grown` afterwards."""
        if self._introspection is None:
            tree = self._syntax.tree()
            self._introspection = Introspection(
                self._schema.graphql, tree.operations[self.name], tree.fragments, self._syntax.weight
            )
        return self._introspection.answer(given)

    def grown(self) -> None:
        """Say that there is more to keep."""
        self._on_growth()

    def subscribed(self, variables: Mapping[str, Any]) -> tuple[tuple[str, Members], ...]:
        """Return what a subscription asks of an event, for coerced values. Raises RequestError."""
        tree = self._syntax.tree()
        self._syntax.release()
        selections = Selections(self._schema.graphql, tree.fragments, variables)
        return members_of(self._schema.graphql, selections, tree.operations[self.name])

    def planned(self, variables: Mapping[str, Any]) -> Plan:
        """Return a new plan. It changes nothing that others look at, so any thread may make it."""
        tree = self._syntax.tree()
        self._syntax.release()
        query = cast(GraphQLObjectType, self._schema.graphql.query_type)
        selections = Selections(self._schema.graphql, tree.fragments, variables)
        planner = Planner(self._schema, selections, variables, FieldShapes(), self._syntax.limits.page)
        columns: list[str] = []
        members: list[tuple[bytes, int | None]] = []
        for key, nodes in selections.fields(query, [tree.operations[self.name].selection_set]).items():
            if is_introspection(nodes[0]):
                members.append((key.encode(), None))
                continue
            value = planner.member(query, key, nodes, planner.mapped)
            members.append((key.encode(), len(columns)))
            columns.append(as_bytes(value.sql()))
        cost = planner.meter.cost()
        columns = [settled(column, is_long=cost.is_long, is_alone=len(columns) == 1) for column in columns]
        sql, bound, checked = planner.parameters.settle("SELECT\n" + ",\n".join(columns))
        flags = (planner.is_guarded, planner.is_labelled, planner.tags)
        return Plan(sql if columns else None, bound, checked, tuple(members), cost, *flags)


def _weight_of(shape: Hashable) -> int:
    """Return about how many bytes of memory the shape of variables takes; it can be too deep for recursion."""
    weight, left = 0, [shape]
    while left:
        part = left.pop()
        weight += getsizeof(part)
        if isinstance(part, tuple):
            left.extend(part)
    return weight
