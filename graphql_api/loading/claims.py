"""Claims: who gets a key when more than one seed says it. Nobody new does.

Every seed that says a disputed key is named, and each new form among them falls back to the form that was published
before. That claims its own earlier keys again, which somebody may have taken meanwhile. So it is decided in rounds;
each takes at least one new form away, and the result does not depend on the order in which the seeds were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.loading.identity import claims_of, id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql_api.loading.entries import EntryTables
    from graphql_api.loading.identity import Claim, EntryId, Owner
    from graphql_api.loading.previous import Previous
    from graphql_api.loading.rows import EntryRows


class Claims:
    """The entries of one load whose keys were not free when they came, and those that fall back.

    After `settle`, `disputed` holds the entries that say each disputed key.
    """

    def __init__(self, entries: EntryTables, previous: Previous) -> None:
        """Start without any claim."""
        self._entries = entries
        self._previous = previous
        self._waiting: dict[EntryId, EntryRows] = {}
        self._fallen: dict[EntryId, frozenset[Claim]] = {}
        self.disputed: dict[Claim, set[EntryId]] = {}

    async def free(self, entries: Iterable[EntryRows]) -> list[EntryRows]:
        """Return the entries whose keys nobody else has; the others wait until all claims are known."""
        wanted = [(id_of(rows), claims_of(rows), rows) for rows in entries]
        owners = await self._entries.owners([claim for _, claims, _ in wanted for claim in claims])
        ids = {claim: owner.id for claim, owner in owners.items()}
        free = []
        for id_, claims, rows in wanted:
            if all(ids.get(claim, id_) == id_ for claim in claims):
                ids.update(dict.fromkeys(claims, id_))
                free.append(rows)
            else:
                self._waiting[id_] = rows
        return free

    async def settle(self, without_entry: Iterable[EntryId]) -> None:
        """Decide every claim and write what follows: the entries `without_entry` fall back too. May be called again."""
        self._fallen.update(await self._previous.claims(await self._entries.missing(list(without_entry))))
        claims = {claim for rows in self._waiting.values() for claim in claims_of(rows)}
        claims |= {claim for earlier in self._fallen.values() for claim in earlier}
        while claims:
            claims = await self._round(claims)
        await self._entries.delete(list(self._waiting))
        await self._entries.insert(list(self._waiting.values()))
        self._waiting.clear()

    def give_up(self, ids: Iterable[EntryId]) -> None:
        """Let the earlier forms of `ids` claim nothing: they are no good any more."""
        for each in ids:
            self._fallen.pop(each, None)

    async def fallen(self) -> list[EntryId]:
        """Return the entries whose earlier form must be written again, because nothing of it is there."""
        return await self._entries.missing(list(self._fallen))

    async def _round(self, claims: set[Claim]) -> set[Claim]:
        """Decide `claims`. Returns the keys to which the losers fall back."""
        owners = await self._entries.owners(claims)
        losers: set[EntryId] = set()
        for claim, ids in self._claimants(claims, owners).items():
            if len(ids) > 1:
                self.disputed.setdefault(claim, set()).update(ids)
                losers |= ids & self._waiting.keys()
                owner = owners.get(claim)
                if owner and owner.is_new:
                    losers.add(owner.id)
        return await self._take_back(losers, {owner.id for owner in owners.values() if owner.is_new})

    def _claimants(self, claims: set[Claim], owners: Mapping[Claim, Owner]) -> dict[Claim, set[EntryId]]:
        """Return the entries that claim each of `claims`."""
        found: dict[Claim, set[EntryId]] = {claim: set() for claim in claims}
        for claim, owner in owners.items():
            # One that waits for another key gives this one up, unless it falls back.
            if owner.id not in self._waiting:
                found[claim].add(owner.id)
        for id_, rows in self._waiting.items():
            for claim in claims_of(rows):
                if claim in found:
                    found[claim].add(id_)
        for id_, earlier in self._fallen.items():
            for claim in earlier & claims:
                found[claim].add(id_)
        return found

    async def _take_back(self, losers: set[EntryId], new_owners: set[EntryId]) -> set[Claim]:
        for id_ in losers:
            self._waiting.pop(id_, None)
        await self._entries.delete(losers & new_owners)
        earlier = await self._previous.claims(losers)
        self._fallen.update(earlier)
        return {claim for claims in earlier.values() for claim in claims}
