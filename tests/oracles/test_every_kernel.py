"""Every kernel has a twin or known answers: which test that is stands here, and is checked to be there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
PACKAGE = TESTS.parent / "sim" / "homecare"
LOOPS = "oracles/test_facts_oracle.py::test_a_small_loop_does_what_its_twin_does"
ROUNDS = "oracles/test_rounds_oracle.py::test_a_kernel_of_rounds_does_what_its_twin_does"
TAKES_OUT = "oracles/test_rounds_oracle.py::test_what_empties_rounds_leaves_what_its_twin_leaves"
PEOPLE = "oracles/test_people_oracle.py::test_a_loop_over_people_does_what_its_twin_does"
NUMBERS = "oracles/test_numbers_oracle.py::"

# Parts of kernels (`kernel_part`, `inlined`) are compiled into these and compared with them.
ANSWERED = {
    **dict.fromkeys([
        "ledger.transfer", "outcomes_terms.exact_total", "plans.fill_visits", "week.kernels.asking.judge_gaps",
        "week.kernels.charging.charge_each", "week.kernels.counting.count_quantities", "week.kernels.cover.add_willing",
        "week.kernels.cover.seats_of", "week.kernels.cover.take_seats", "week.kernels.knowing.know_people",
        "week.kernels.leaving.count_kinds", "week.kernels.paying.pay_team", "week.kernels.paying.remember_paid",
        "week.kernels.sickness.fall_ill", "week.kernels.sickness.sick_dues", "week.kernels.telling.tell",
        "week.kernels.windows.set_around", "week.kernels.windows.want_other_times", "week.kernels.windows.widen",
        "week.placing.stands"], LOOPS),
    **dict.fromkeys([
        "week.kernels.agreeing.agree_again", "week.kernels.cover.cover", "week.kernels.insertion.improve",
        "week.kernels.insertion.place_blocks", "week.kernels.purchase.clear", "week.kernels.resizing.resize_blocks",
    ], ROUNDS),
    **dict.fromkeys([
        "week.kernels.insertion.empty_rounds", "week.kernels.insertion.take_out_blocks",
        "week.rota_review.lay_out"], TAKES_OUT),
    **dict.fromkeys([
        "week.kernels.experience.remember", "week.kernels.experience.remember_work", "week.kernels.feeling.feel",
        "week.kernels.needs.live_week"], PEOPLE),
    "draws.bell": NUMBERS + "test_several_draws_at_once_are_those_drawn_one_by_one",
    "draws.poisson": NUMBERS + "test_the_poisson_quantile_is_that_of_scipy",
    "numerics.count_by": NUMBERS + "test_sums_by_index",
    "numerics.mean_by": NUMBERS + "test_totals_and_means_by_index",
    "numerics.total": NUMBERS + "test_totals_and_means_by_index",
    "plans.visit_seconds": NUMBERS + "test_planned_visits_are_their_words",
    "tariff.assessed_seconds": NUMBERS + "test_the_seconds_assessed_are_the_middle_of_their_band",
    "tariff.payable_lines": NUMBERS + "test_a_tariff_line_is_its_words",
    "week.nearness.pair_luck": NUMBERS + "test_the_luck_of_a_pair_belongs_to_both",
    "population_traits.write_traits": "oracles/test_people_oracle.py::test_people_are_drawn_as_their_twin_draws_them",
    "week.kernels.adding_up.add_up":
        "oracles/test_delivery_oracle.py::test_the_sums_of_what_users_lived_are_those_of_the_attendances",
    "week.kernels.counting.open_seconds":
        "oracles/test_facts_oracle.py::test_open_seconds_are_those_of_attendances_that_nobody_has",
    "week.kernels.delivery.deliver": "oracles/test_delivery_oracle.py::test_delivery_does_what_its_twin_does",
    "week.kernels.needs.fill_need":
        "oracles/test_people_oracle.py::test_need_is_help_that_tasks_take_and_family_leaves",
    "week.kernels.needs.need_of":
        "oracles/test_people_oracle.py::test_need_is_help_that_tasks_take_and_family_leaves",
}
# Asked by another door. `anneal` has no twin of its own luck: one insertion is compared with all places there are,
# its costs with a twin's, its end with the best of all rounds.
ANSWERED_AT_THE_DOOR = {
    "draws._write_uniforms": ("uniforms", NUMBERS + "test_draws_are_those_of_the_hash_on_whole_numbers"),
    "draws._write_normals": ("normals", NUMBERS + "test_draws_are_those_of_the_hash_on_whole_numbers"),
    "draws._several": ("several", NUMBERS + "test_several_draws_at_once_are_those_drawn_one_by_one"),
    "numerics._add_by": ("sum_by", NUMBERS + "test_sums_by_index"),
    "week.kernels.tours_anneal.anneal":
        ("improve", "test_improvement.py::test_a_visit_is_put_in_where_it_costs_least_of_all_places"),
}
DOORS = {name: (name.rpartition(".")[2], test) for name, test in ANSWERED.items()} | ANSWERED_AT_THE_DOOR


def kernels() -> list[str]:
    """Return every function of the package that is compiled and called from Python."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and "kernel" in map(ast.unparse, node.decorator_list):
                found.append(f"{module}.{node.name}")
    return found


def test_every_kernel_is_named() -> None:
    assert sorted(kernels()) == sorted(DOORS)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_the_test_of_a_kernel_is_there_and_asks_for_it(name: str) -> None:
    door, test = DOORS[name]
    file, _, function = test.partition("::")
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert function in bodies
    # A test names what it asks in its own body, or in a table or a helper beside it.
    words = {each for node in ast.walk(tree) for each in (getattr(node, "id", ""), getattr(node, "attr", ""),
                                                         getattr(node, "value", "")) if isinstance(each, str)}
    assert door in words
