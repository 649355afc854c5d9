"""Rows 20 and 21: pod managers that answer badly, or not at all.

What is asked for is made once, and whether it was made is decided by what is
there, whatever was answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from tests.chaos.rig import aim, chance, records
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.front import Front, Seen

#: The answer of what stands before a pod manager, which may be at it.
_GATEWAY = 502
#: The forms of the header; None is without it.
_RETRY_AFTER = (1, 'date', None)
#: Seconds until all has been found that was asked for.
_SEARCHES = 600


class Bursts(ChaosCase):
    def test_row_20_bursts(self) -> None:
        count = chance.scale(1000, 60)
        rig = self.new_rig(pods=chance.scale(51, 6), nodes=count)
        front = self.useFixture(Front(rig.pods.urls))
        aim.point_at(rig, front.urls)
        for url, form in _with_forms(rig.pods.urls):
            burst = {'share': 0.3, 'retry_after': form}
            rig.pods.set_modes(url, burst=burst)
        rig.compose(count)
        # A search is begun again with each 500 that it meets.
        rig.wait_for_tasks(_SEARCHES)
        verdict = self.judge(rig, failures=True)

        asked = _by_tag(front.seen)
        repeated = [tag for tag, seen in asked.items() if _is_repeated(seen)]
        answers = Counter(
            each.status for seen in asked.values() for each in seen
        )
        pauses = _pauses(front.seen, rig.pods.urls)
        ends = records.count(map(records.why, verdict.records.values()))
        self.note(
            f'{verdict.figures}; POSTs to allocate, by answer: '
            f'{dict(answers)}, {len(repeated)} repeated; reads were repeated '
            f'after {pauses} s, by Retry-After; {ends}'
        )
        self.assertEqual([], repeated)
        self.assertEqual([], records.untyped(verdict.records.values()))
        self.assertGreaterEqual(min(pauses[1], pauses['date']), 1)
        # Else nothing was shown.
        self.assertLessEqual({500, 502, 503, 429, 201}, set(answers))
        self.assertLess(pauses[None], 1)


def _with_forms(urls: Sequence[str]) -> list[tuple[str, Any]]:
    """Give each a form of the header."""
    forms = _RETRY_AFTER * len(urls)
    return list(zip(urls, forms, strict=False))


def _by_tag(seen: Iterable[Seen]) -> Mapping[str, Sequence[Seen]]:
    """Give the requests for each node to be allocated, in order."""
    found: dict[str, list[Seen]] = defaultdict(list)
    for each in seen:
        if each.method == 'POST' and each.path.endswith('Allocate'):
            found[each.tag].append(each)
    return found


def _is_repeated(seen: Sequence[Seen]) -> bool:
    """Tell whether one was sent again that had got an answer of its own.

    After a gateway's, which is none, it is, once nothing was found.
    """
    return any(each.status != _GATEWAY for each in seen[:-1])


def _pauses(
    seen: Iterable[Seen], urls: Sequence[str]
) -> Mapping[str | int | None, float]:
    """Give the usual seconds from a refused read to the next, by form.

    Of single nodes, each of which one task reads at a time.
    """
    forms = dict(_with_forms(urls))
    found = defaultdict(list)
    refused: dict[tuple[str, str], float] = {}
    for each in seen:
        if each.method != 'GET' or '/Nodes/' not in each.path:
            continue
        place = each.url, each.path
        if place in refused:
            found[forms[each.url]].append(each.at - refused.pop(place))
        if each.status in (429, 502, 503):
            refused[place] = each.at
    return {form: round(median(each), 1) for form, each in found.items()}


class Drops(ChaosCase):
    def test_row_21_dropped_after_acting(self) -> None:
        """No change is ever answered, and each is made once."""
        count = chance.scale(1000, 60)
        rig = self.new_rig(
            pods=chance.scale(50, 6),
            nodes=count,
            modes={'drop': True, 'act_ms': [50, 300]},
            # Such pod managers would be left alone before long, and what
            # they were not asked for yet would fail.
            more={'tasks': ['breaker_failures = 1000']},
        )
        at_once, later = rig.pods.urls[::2], rig.pods.urls[1::2]
        for url in later:
            rig.pods.set_modes(url, accept={'ms': [100, 600]})
        rig.compose(count)
        verdict = self.judge(rig)

        stats = [rig.pods.stats(url) for url in at_once]
        made = sum(len(each['made']) for each in stats)
        told = sum(each['answers'].get('201', 0) for each in stats)
        tasks = sum(rig.pods.stats(url)['redfish_tasks'] for url in later)
        self.note(
            f'{verdict.figures}, all completed; of {made} that were made at '
            f'once {told} were told, and {tasks} changes became tasks'
        )
        self.assertEqual(count, verdict.accepted)
        # Else nothing was shown.
        self.assertEqual(0, told)
        self.assertGreater(min(made, tasks), 0)
