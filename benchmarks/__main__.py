"""Measure everything in one run: ``uv run python -m benchmarks``, with ``--json`` as one object.

Whatever is compared is timed on one core of one machine within the same minutes, so take ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from typing import Any

from benchmarks import council, report, scale, stock_flow
from benchmarks.timing import on_one_core


def measured(quick: bool) -> dict[str, Any]:
    """All figures; ``quick`` leaves out the largest sizes and the reports."""
    everywhere = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None

    def say(what: str) -> None:
        print(what, file=sys.stderr)

    say("a thousand replications, on two cores")
    thousand = council.thousand_replications()
    on_one_core()
    say("the stock-flow workload")
    flow = stock_flow.measure()
    say("Colchester's plan")
    plan: dict[str, Any] = council.simulations()
    plan |= {"with_measures": council.with_measures(), "thousand_replications_s": thousand}
    plan |= {"lever_change_s": council.lever_change()}
    say("growth")
    sizes = scale.measure(scale.SIZES[:3] if quick else scale.SIZES)
    if everywhere is not None:
        os.sched_setaffinity(0, everywhere)
    say("reports")
    pages = None if quick else report.measure()
    return {"stock_flow": flow, "colchester": plan, "scale": sizes, "reports_s": pages}


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown."""
    flow, plan = found["stock_flow"], found["colchester"]
    titles = {
        "floor": "only the draws that it needs, in a compiled loop",
        "numpy_event": "hand-written NumPy, event by event, replications in one array",
        "neworder": "neworder, continuous time",
        "compiled": "**this suite**",
        "simpy": "plain SimPy",
        "reference": "this suite's reference simulation, in SimPy",
    }
    lines = ["| Stock-flow workload | ms | SimPy ÷ this |", "|---|---|---|"]
    for name, title in titles.items():
        if flow[name] is not None:
            lines.append(f"| {title} | {flow[name]:.3g} | {flow['simpy'] / flow[name]:.3g} |")
    lines += ["", "| Colchester's plan, 36 months | |", "|---|---|"]
    ratio, thousand = plan["reference"] / plan["compiled"], plan["thousand_replications_s"]
    lines += [
        f"| one replication, compiled | {plan['compiled']:.2f} ms |",
        f"| one replication, reference | {plan['reference']:.0f} ms, {ratio:.0f} times as much |",
        f"| one replication with all measures | {plan['with_measures']:.2f} ms |",
        f"| 1,000 replications with all measures, 2 cores | {thousand:.2f} s |",
        f"| a moved lever to new chart data, 200 replications | {plan['lever_change_s']:.2f} s |",
    ]
    if (pages := found["reports_s"]) is not None:
        whole, part = pages["colchester"], pages["colchester_simulated"]
        small, bit = pages["small"], pages["small_simulated"]
        lines += [
            f"| a report at 200 replications | {whole:.1f} s, {part:.1f} s of it simulating |",
            f"| a small council's report at 50 | {small:.1f} s, {bit:.2f} s of it simulating |",
            f"| 100 reports of the small council, 2 cores | {pages['hundred_small']:.0f} s |",
        ]
    lines += ["", "| Posts, ten years | Replications | Seconds | Peak MiB |", "|---|---|---|---|"]
    for row in found["scale"]:
        lines.append(
            f"| {row['posts']:,} | {row['replications']:,} | {row['seconds']:.2f} "
            f"| {row['peak_mib']:,.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, and print a table or one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="without the largest and the reports")
    asked = parser.parse_args()
    found = measured(asked.quick)
    found["machine"] = {"python": platform.python_version(), "processor": platform.machine()}
    print(json.dumps(found) if asked.json else table(found))


if __name__ == "__main__":
    main()
