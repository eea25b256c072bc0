#!/usr/bin/env python3
"""Example: tests/tools/test_compare_pytorch.py

The parts of tools/compare_pytorch: batches past an epoch's end, the sample picture, the judgement, the report. Where
PyTorch is installed also its runs and the deliberate mistakes, on a small network. Needs no build.

Exit codes: 0 passed, 1 failed, 77 skipped because NumPy is not installed for this Python.
"""

import importlib.util
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
SKIPPED = 77

if importlib.util.find_spec("numpy") is None:
    print(f"skipped: NumPy is not installed for {sys.executable}")
    sys.exit(SKIPPED)

import numpy as np  # noqa: E402

import optimizers  # noqa: E402
from parity import batches, judgement, pictures, report  # noqa: E402
from parity.bounds import BOUNDS  # noqa: E402
from parity.mistakes import BIASES_BY_VALUE, MISTAKES, OF_CLASSES, OF_EMBEDDING, OF_GAME, OF_SPECTRAL_NORM  # noqa: E402
from parity.judgement import IMAGES, UNIT_ROUNDOFF, Outcome, Pair, Row  # noqa: E402

HAS_TORCH = importlib.util.find_spec("torch") is not None
if HAS_TORCH:
    import torch
    from mlp_networks import Sizes, begin_pass
    from parity import kinks, pytorch_run, script_gan
    from parity.dcgan import Dcgan
    from parity.paper_gan import PaperGan
    from parity.script_gan import ScriptGan

    SMALL = {
        ScriptGan: {"sizes": Sizes(3, (1, 4, 4), (5, 6, 7), (6, 5))},
        Dcgan: {"sizes": Sizes(3, (1, 4, 4), (4, 6, 5), (3, 5))},
        PaperGan: {"sizes": Sizes(3, (1, 4, 4), (7, 6), (6, 5)), "pieces": 3},
    }
    SPECTRAL = {"discriminator_norm": "spectral", **script_gan.GAMES["hinge"]}


class Batches(unittest.TestCase):
    def test_rows_past_the_end_of_an_epoch(self):
        rows = batches.rows_of_iterations(945, 64, 60000, epoch_end=4)
        self.assertEqual(rows[:6].tolist(), [64, 64, 64, 32, 64, 64])
        self.assertEqual([i + 1 for i in range(945) if rows[i] == 32], [4, 942])  # 938 iterations an epoch
        self.assertEqual(batches.rows_of_iterations(3, 50, 100, 2).tolist(), [50, 50, 50])

    def test_every_epoch_takes_every_image_once(self):
        rows = batches.rows_of_iterations(9, 4, 10, epoch_end=2)
        self.assertEqual(rows.tolist(), [4, 2, 4, 4, 2, 4, 4, 2, 4])
        order = batches.order_of_images(9, 4, 10, 2, np.random.default_rng(1))
        self.assertEqual(len(set(order[:6])), 6)
        self.assertEqual(sorted(order[6:16]), list(range(10)))
        self.assertEqual(sorted(order[16:26]), list(range(10)))

    def test_images_follow_that_order(self):
        images = np.arange(10, dtype=np.float32)[:, None] * np.ones((1, 3), dtype=np.float32)
        inputs = batches.make_inputs(9, 4, 2, 5, 3, images, seed=1)
        taken = np.concatenate([inputs.batch(n).real_images[:, 0] for n in range(1, 10)]).astype(int).tolist()
        self.assertEqual(len(set(taken[:6])), 6)
        self.assertEqual(sorted(taken[6:16]), list(range(10)))
        self.assertEqual(inputs.batch(2).latents.shape, (2, 5))
        self.assertEqual(inputs.first(1).rows.tolist(), [4])

    def test_random_images_and_a_batch_of_one(self):
        inputs = batches.make_inputs(3, 64, 2, 5, 9, None, seed=1)
        self.assertEqual(inputs.rows.tolist(), [64, 32, 64])
        self.assertLessEqual(np.abs(inputs.real_images).max(), 1)
        with self.assertRaises(ValueError):
            batches.make_inputs(3, 59999, 2, 1, 1, None, seed=1)

    def test_latents_and_images_of_another_range(self):
        inputs = batches.make_inputs(3, 64, 2, 500, 9, None, 1, batches.uniform_latents, (0.0, 1.0))
        self.assertGreaterEqual(inputs.real_images.min(), 0)
        self.assertLessEqual(np.abs(inputs.latents).max(), 3**0.5 + 1e-6)
        self.assertAlmostEqual(float(inputs.latents.var()), 1, delta=0.02)
        self.assertEqual([inputs.batch(n).iteration for n in (1, 2, 3)], [0, 1, 2])

    def test_labels_are_drawn_last(self):
        plain, with_classes = (batches.make_inputs(3, 64, 2, 5, 9, None, 1, classes=n) for n in (0, 10))
        np.testing.assert_array_equal(plain.latents, with_classes.latents)
        np.testing.assert_array_equal(plain.real_images, with_classes.real_images)
        self.assertEqual((plain.real_labels.max(), plain.generated_labels.max()), (0, 0))
        labels = with_classes.batch(2)
        self.assertEqual((labels.real_labels.shape, labels.generated_labels.shape), ((32,), (32,)))
        self.assertEqual(set(with_classes.real_labels.flat), set(range(10)))
        self.assertFalse(np.array_equal(with_classes.real_labels, with_classes.generated_labels))

    def test_iterations_to_compare(self):
        self.assertEqual(batches.iterations_to_compare(50, 20, 30), (1, 2, 3, 20, 29, 30, 31, 32, 40, 50))
        self.assertEqual(batches.iterations_to_compare(2, 20, 1), (1, 2))


def filtered(picture: np.ndarray, kind: int) -> bytes:
    """The lines of a PNG file, all with one filter."""
    lines = b""
    values = np.pad(picture.astype(int), ((1, 0), (1, 0)))
    for y in range(1, values.shape[0]):
        a, b, c = values[y, :-1], values[y - 1, 1:], values[y - 1, :-1]
        distance = np.abs(np.stack([b - c, a - c, a + b - 2 * c]))  # of a, b, c from a + b - c
        paeth = np.choose(distance.argmin(axis=0), [a, b, c])
        predicted = [0 * a, a, b, (a + b) // 2, paeth][kind]
        lines += bytes([kind]) + bytes(((values[y, 1:] - predicted) & 255).astype(np.uint8))
    return lines


def png_file(picture: np.ndarray, kind: int = 0, colour: int = 0) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width = picture.shape
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    data = zlib.compress(filtered(picture, kind))
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", data[:7]), chunk(b"IDAT", data[7:]), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class Pictures(unittest.TestCase):
    def test_reads_every_filter(self):
        picture = np.random.default_rng(1).integers(0, 256, (9, 7), dtype=np.uint8)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "picture.png"
            for kind in range(5):
                path.write_bytes(png_file(picture, kind))
                np.testing.assert_array_equal(pictures.read_png(path), picture)
            for content in (png_file(picture, colour=2), b"GIF89a"):
                path.write_bytes(content)
                with self.assertRaises(ValueError):
                    pictures.read_png(path)

    def test_grid(self):
        images = np.arange(7 * 2 * 3, dtype=np.float32).reshape(7, 2, 3)
        grid = pictures.grid_levels(images)
        self.assertEqual(grid.shape, (2 * 4 + 2, 5 * 5 + 2))
        self.assertEqual(grid[:2].max(), 0)  # the frame
        self.assertEqual(grid[2, 2], 0)
        self.assertAlmostEqual(grid[2, 2 + 5], 255 * 6 / 41)  # the second image begins with 6
        self.assertAlmostEqual(grid[6, 2], 255 * 30 / 41)  # the sixth one, in the second row
        self.assertAlmostEqual(grid[7, 2 + 5 + 2], 255)  # the seventh one ends with 41
        self.assertEqual(grid[6:, 12:].max(), 0)  # places without an image
        self.assertEqual(pictures.grid_levels(images[:1]).shape, (2, 3))
        self.assertEqual(pictures.saved_levels(np.array([[[0.0, 0.5, 1.0]]])).tolist(), [[0, 128, 255]])


def outcome(**tensors: np.ndarray) -> Outcome:
    """Of a generator with one tensor of each kind; `tensors` replace some, with _ for the points of their names."""
    state = {
        "generator.model.2.weight": np.ones((3, 2)),
        "generator.model.2.bias": np.ones(3),
        "generator.model.3.running_mean": np.ones(3),
        "generator.model.3.num_batches_tracked": np.array(1),
        "generator.adam.step": np.array([1]),
        "generator.adam.exp_avg.model.2.weight": np.full((3, 2), 0.5),
        "generator.adam.exp_avg_sq.model.2.weight": np.full((3, 2), 0.001),
        "generator.adam.exp_avg.model.2.bias": np.zeros(3),
        "generator.adam.exp_avg_sq.model.2.bias": np.zeros(3),
        "gradients.generator.model.2.weight": np.ones((3, 2)),
        "gradients.generator.model.2.bias": np.zeros(3),
        IMAGES: np.linspace(-1, 1, 24).reshape(2, 1, 3, 4),
    }
    stats = tensors.pop("stats", np.ones((1, 4)))
    names = {name.replace(".", "_"): name for name in state}
    return Outcome(stats, {**state, **{names[key]: values for key, values in tensors.items()}})


def wrong_groups(duel: Outcome, pytorch: Outcome, by_value: bool = False) -> set:
    rows = judgement.compare(Pair(duel, outcome()), [Pair(pytorch, outcome())], by_value)
    return {row.group for row in rows if not row.is_good}


class Judgement(unittest.TestCase):
    def test_equal_runs_are_alike(self):
        self.assertEqual(wrong_groups(outcome(), outcome()), set())

    def test_errors_of_every_kind_are_noticed(self):
        for key, group in {
            "generator_model_2_weight": "weights and biases",
            "generator_model_3_running_mean": "running means",
            "generator_adam_exp_avg_model_2_weight": "first moments",
            "generator_adam_exp_avg_sq_model_2_weight": "second moments",
            "gradients_generator_model_2_weight": "gradients",
            "gradients_generator_model_2_bias": "gradients of biases before batch norm",
            IMAGES: "generated images",
        }.items():
            right = outcome()
            name = next(name for name in right.state if name.replace(".", "_") == key)
            for error in (1e-4, np.nan, np.inf):
                with self.subTest(key=key, error=error):
                    wrong = outcome(**{key: right.state[name] + error})
                    self.assertEqual(wrong_groups(wrong, outcome()), {group})
                    if np.isfinite(error):  # as large an error of PyTorch's excuses it
                        self.assertEqual(wrong_groups(wrong, wrong), set())

    def test_counters_must_be_exact(self):
        wrong = outcome(generator_adam_step=np.array([2]), generator_model_3_num_batches_tracked=np.array(2))
        self.assertEqual(wrong_groups(wrong, outcome()), {"counters"})

    def test_one_of_many_values(self):
        right = np.ones((1, 4))
        self.assertEqual(wrong_groups(outcome(stats=right + [0, 1e-5, 0, 0]), outcome()), {"losses and means"})
        self.assertEqual(wrong_groups(outcome(stats=right + 15 * UNIT_ROUNDOFF), outcome()), set())
        self.assertEqual(wrong_groups(outcome(stats=right + 17 * UNIT_ROUNDOFF), outcome()), {"losses and means"})

    def test_biases_before_batch_norm_are_not_judged_by_value(self):
        drifted = outcome(generator_model_2_bias=np.full(3, 1.0002))
        self.assertEqual(judgement.hidden_biases(drifted.state), {"generator.model.2.bias"})
        self.assertEqual(wrong_groups(drifted, outcome()), set())
        self.assertEqual(wrong_groups(drifted, outcome(), by_value=True), {"biases before batch norm and moments"})

    def test_what_adam_makes_of_a_gradients_error(self):
        gradient = Row("", "", np.zeros(2), np.zeros(2), np.array([1e-3, 1e-4]))
        gradients = {"generator.model.2.weight": gradient}
        state = outcome().state

        def carried(name):
            return judgement.carried_by_optimizer(name, gradients, state)[0]

        self.assertAlmostEqual(carried("generator.adam.exp_avg.model.2.weight"), 0.5e-3)
        self.assertAlmostEqual(carried("generator.adam.exp_avg_sq.model.2.weight"), 2e-6)
        self.assertAlmostEqual(carried("generator.model.2.weight"), 2e-4 * 1e-3)  # the usual gradient is 1
        self.assertEqual(carried("generator.model.3.running_mean"), 0)
        # One weight's gradient was always 0: its step may be any. The others do not suffer from it.
        state["generator.adam.exp_avg_sq.model.2.weight"][0, 0] = 0
        self.assertAlmostEqual(carried("generator.model.2.weight"), 2 * 2e-4 * 0.5 / 0.001**0.5)
        rms = judgement.carried_by_optimizer("generator.model.2.weight", gradients, state)[1]
        self.assertAlmostEqual(rms, 2 * 2e-4 * 0.5 / 0.001**0.5 / 6**0.5, delta=1e-6)

    def test_what_sgd_makes_of_a_gradients_error(self):
        gradients = {"generator.model.2.weight": Row("", "", np.zeros(2), np.zeros(2), np.array([1e-3, 1e-4]))}
        state = {"generator.sgd.step": np.array([1]), "gradients.generator.model.2.weight": np.ones((3, 2)),
                 "generator.sgd.velocity.model.2.weight": np.ones((3, 2))}
        for name in ("generator.model.2.weight", "generator.sgd.velocity.model.2.weight"):
            np.testing.assert_allclose(judgement.carried_by_optimizer(name, gradients, state), [1e-4, 1e-5])
        self.assertEqual(judgement.group_of("generator.sgd.velocity.model.2.weight", frozenset()), "velocities")
        self.assertEqual(judgement.group_of("generator.sgd.step", frozenset()), "counters")

    def test_a_whole_run_remembers_the_largest_error_of_pytorch(self):
        reached = judgement.Reached()
        far, near = np.array([0.3, 0.1]), np.array([0.001, 0.001])
        np.testing.assert_allclose(reached.update("t", far, np.array([1.0, 1.0])), far)
        np.testing.assert_allclose(reached.update("t", near, np.array([2.0, 2.0])), 2 * far)
        np.testing.assert_allclose(reached.update("other", near, np.array([2.0, 2.0])), near)
        np.testing.assert_allclose(reached.update("zero", near, np.zeros(2)), near)

    def test_every_group_has_an_explanation(self):
        rows = judgement.compare(Pair(outcome(), outcome()), [Pair(outcome(), outcome())])
        rows += picture_rows(np.zeros((7, 14)))
        self.assertLessEqual({row.group for row in rows}, set(BOUNDS))

    def test_gradients_choose_among_truths(self):
        other = outcome(gradients_generator_model_2_weight=np.full((3, 2), 2.0))
        self.assertIs(judgement.nearest(other, [outcome(), other]).truth, other)

    def test_another_shape(self):
        with self.assertRaises(ValueError):
            wrong_groups(outcome(generator_model_2_bias=np.ones(4)), outcome())


def picture_rows(picture: np.ndarray) -> list:
    pair = Pair(outcome(), outcome())
    images = Row("generated images", IMAGES, np.zeros(2), np.zeros(2), np.full(2, 1e-6))
    return judgement.compare_picture(picture, pair, [pair], images)


class SamplePicture(unittest.TestCase):
    def setUp(self):
        self.right = pictures.saved_levels(outcome().state[IMAGES][:, 0]).astype(float)

    def test_the_right_one(self):
        self.assertTrue(all(row.is_good for row in picture_rows(self.right)))

    def test_wrong_ones(self):
        one_level = self.right.copy()
        one_level[3, 3] += 1
        for wrong in (one_level, np.roll(self.right, 1, axis=1), 255 - self.right, self.right[::-1]):
            self.assertTrue(all(not row.is_good for row in picture_rows(wrong)))
        with self.assertRaises(ValueError):
            picture_rows(self.right[1:])


class Report(unittest.TestCase):
    def setUp(self):
        def row(error, is_judged=True, group="gradients"):
            return Row(group, f"t{error}", np.full(2, error), np.full(2, 1.0), np.full(2, 4.0), is_judged)

        self.good = report.Finding("single step", "fused", "7", [row(1.0), row(3.0)])
        rows = [row(2.0), row(5.0), row(9.0, is_judged=False, group="b")]
        self.bad = report.Finding("single step", "fused", "8", rows)

    def test_conclusions(self):
        self.assertTrue(report.all_alike([self.good]))
        self.assertFalse(report.all_alike([self.good, self.bad]))
        self.assertFalse(report.all_alike([]))
        self.assertIn("2 quantities compared, all within", report.summary([self.good]))
        self.assertIn("4 quantities compared, 1 WRONG", report.summary([self.good, self.bad]))

    def test_the_worst_is_shown_with_its_place(self):
        worst = report.worst_rows([self.good, self.bad])["single step", "fused", "gradients"]
        self.assertEqual((worst.count, worst.wrong, worst.finding.place, worst.row.name), (4, 1, "8", "t5.0"))
        self.assertIn("0.75 of it: t3.0", report.describe(self.good, show_all=False))
        self.assertIn("WRONG gradients: t5.0", report.describe(self.bad, show_all=False))
        self.assertIn("ok    gradients: t1.0", report.describe(self.good, show_all=True))

    def test_growth_of_rounding(self):
        row = Row("generated images", IMAGES, np.array([9.0, 0.5]), np.array([9.0, 0.25]), np.full(2, 9.0))
        lines = report.growth_table([report.Finding("whole run", step, "7", [row]) for step in ("fused", "plain")])
        self.assertIn("| 7 | 5.0e-01 | 5.0e-01 | 2.5e-01 |", lines)

    def test_markdown(self):
        text = report.markdown(["some settings"], [self.good, self.bad])
        self.assertIn("- some settings", text)
        self.assertIn("| fused | gradients | 4 | 1.25 | 5.00e+00 | 1.00e+00 | 8 | `t5.0` | 1 of 4 WRONG |", text)
        self.assertIn("not judged", text)
        for bound in BOUNDS.values():
            self.assertIn(bound, text)


def small_gan(gan, dtype="float32", **arguments):
    return gan(getattr(torch, dtype), **SMALL[gan], **arguments)


def small_run(gan, state=None, order_seed=None, dtype="float32", iterations=1, **arguments):
    """Iterations of a small network, the last one with half the rows."""
    random = np.random.default_rng(3)
    made = small_gan(gan, dtype, **arguments)
    pytorch_run.load_state(made, state)
    watch = pytorch_run.Watch(made) if dtype == "float64" else None
    run = pytorch_run.PyTorchRun(made, order_seed, watch)
    for i in range(iterations):
        rows = 8 if i + 1 < iterations or iterations == 1 else 4
        latents = random.standard_normal((rows, 3)).astype(np.float32)
        images = random.uniform(*gan.pixel_range, (rows, 16)).astype(np.float32)
        run.iterate(batches.Batch(latents, images, i, *random.integers(0, 3, (2, rows))))
    return run.outcome()


def settings_of_game(gan, game):
    """Of a small DCGAN: a critic has no batch norm, and what has a penalty no dropout."""
    settings = dict(script_gan.GAMES[game])
    if gan is Dcgan and "gradient_penalty" in settings:
        settings["hidden_keep"] = 1.0
    if gan is Dcgan and settings.get("loss") == "wasserstein":
        settings["discriminator_norm"] = "none"
    return settings


def conditional_settings(gan):
    return {**settings_of_game(gan, "wgan_gp"), "classes": 3}


def initial_weights(gan, **arguments):
    """The script's; but convolutions of the DCGAN have such weights that units of every sign are there."""
    torch.manual_seed(1)
    state = pytorch_run.state_of(small_gan(gan, **arguments))
    return {name: values * np.float32(20) if values.ndim == 4 else values for name, values in state.items()}


def wrong_rows(gan, state, is_sure=False, by_value=False, settings=None, **mistake):
    """What the judgement says of a right float32 run, taken for Duel's, where PyTorch has a mistake."""
    of_truth, settings = {"is_sure": True} if is_sure else {}, settings or {}
    truth = small_run(gan, state, None, "float64", iterations=2, **of_truth, **{**settings, **mistake})
    runs = [small_run(gan, state, seed, iterations=2, **{**settings, **mistake}) for seed in range(4)]
    duel = small_run(gan, state, 9, iterations=2, **settings)
    rows = judgement.compare(Pair(duel, truth), [Pair(run, truth) for run in runs], by_value)
    return {row.group for row in rows if not row.is_good}


def gradients_on_both_sides(gan, state, layer, bias, neuron, units):
    """A bias's gradient, and the same with the activations of a neuron, of `units` in the layer, on the other side."""
    gradients, flipped = [], frozenset()
    for _ in range(2):
        made = small_gan(gan, "float64")
        pytorch_run.load_state(made, state)
        watch = pytorch_run.Watch(made, flipped)
        run = pytorch_run.PyTorchRun(made, watch=watch)
        run.iterate(batches.Batch(np.eye(2, 3, dtype=np.float32), np.zeros((2, 16), dtype=np.float32)))
        gradients.append(run.outcome().state[f"gradients.{bias}"])
        near = [one for one in watch.near_kink if one.layer == layer]
        flipped = frozenset(one for one in near if one.index % units == neuron)
    return near, gradients


@unittest.skipUnless(HAS_TORCH, "PyTorch is not installed")
class AllGans(unittest.TestCase):
    def setUp(self):
        self.weights = {gan: initial_weights(gan) for gan in SMALL}

    def test_the_order_of_rows_does_not_matter(self):
        for gan, weights in self.weights.items():
            one, other = (small_run(gan, weights, seed, "float64", iterations=3) for seed in (None, 5))
            for name, values in one.state.items():
                if name not in judgement.hidden_biases(one.state) and "bias" not in name:
                    np.testing.assert_allclose(values, other.state[name], rtol=1e-6, atol=1e-12, err_msg=name)
            np.testing.assert_allclose(one.stats, other.stats, rtol=1e-12)

    def test_states_go_around_bit_by_bit(self):
        for gan, weights in self.weights.items():
            state = small_run(gan, weights, iterations=2).state
            checkpoint = {name: state[name] for name in state if name.startswith(("generator.", "discriminator."))}
            made = small_gan(gan)
            pytorch_run.load_state(made, checkpoint)
            back = pytorch_run.state_of(made)
            self.assertEqual(set(back), set(checkpoint))
            self.assertTrue(any(".step" in name for name in back))
            for name, values in back.items():
                np.testing.assert_array_equal(values, checkpoint[name], err_msg=name)

    def test_other_names_are_refused(self):
        for gan, weights in self.weights.items():
            made = small_gan(gan)
            first = next(iter(weights))
            missing = {name: weights[name] for name in weights if name != first}
            for state in (missing, {**weights, "generator.model.99.bias": np.ones(3, dtype=np.float32)}):
                with self.assertRaises(RuntimeError):
                    pytorch_run.load_state(made, state)

    def test_the_right_step_is_alike(self):
        for gan, weights in self.weights.items():
            self.assertEqual(wrong_rows(gan, weights), set())
        for gan in (ScriptGan, Dcgan):
            of_games = {game: settings_of_game(gan, game) for game in script_gan.GAMES}
            conditional = conditional_settings(gan)
            of_classes = {"conditional": conditional, "embedding": {**conditional, "class_input": "embedding"}}
            for game, settings in {**of_games, **of_classes}.items():
                with self.subTest(preset=gan.preset, game=game):
                    self.assertEqual(wrong_rows(gan, initial_weights(gan, **settings), settings=settings), set())
        for gan in (ScriptGan, Dcgan):
            with self.subTest(preset=gan.preset, norm="spectral"):
                self.assertEqual(wrong_rows(gan, initial_weights(gan, **SPECTRAL), settings=SPECTRAL), set())

    def test_a_pass_takes_one_step_of_the_power_iteration(self):
        for gan in (ScriptGan, Dcgan):
            made = small_gan(gan, "float64", **SPECTRAL)
            module = next(one for one in made.discriminator.modules() if hasattr(one, "parametrizations"))
            before = module.parametrizations.weight[0]._u.clone()
            begin_pass(made.discriminator)
            after = module.parametrizations.weight[0]._u.clone()
            self.assertFalse(torch.equal(before, after))
            weights = [module.weight for _ in range(2)]
            self.assertTrue(torch.equal(*weights))
            self.assertTrue(torch.equal(after, module.parametrizations.weight[0]._u))
            matrix = module.parametrizations.weight.original.detach().flatten(1)
            largest = torch.linalg.matrix_norm(matrix, 2)
            torch.testing.assert_close(weights[0].detach().flatten(1) * largest, matrix, rtol=0.1, atol=0)

    def test_every_mistake_is_noticed(self):
        surely = {"log_clamp": 30, "denominator": -30}
        for gan in self.weights:
            for name, mistake in MISTAKES[gan.preset].items():
                if name != BIASES_BY_VALUE:
                    with self.subTest(preset=gan.preset, mistake=name):
                        settings = settings_of_game(gan, OF_GAME.get(name, "gan"))
                        settings = conditional_settings(gan) if name in OF_CLASSES else settings
                        settings = {**settings, "class_input": "embedding"} if name in OF_EMBEDDING else settings
                        settings = SPECTRAL if name in OF_SPECTRAL_NORM else settings
                        state = initial_weights(gan, **settings)
                        state = sure(state, surely[name]) if name in surely else state
                        self.assertTrue(wrong_rows(gan, state, name in surely, settings=settings, **mistake))

    def test_groups_have_explanations(self):
        for gan, weights in self.weights.items():
            run = small_run(gan, weights)
            rows = judgement.compare(Pair(run, run), [Pair(run, run)])
            self.assertLessEqual({row.group for row in rows}, set(BOUNDS))


def sure(weights, bias):
    head_bias, = {"discriminator.model.4.bias", "discriminator.adv_layer.0.bias"}.intersection(weights)
    return {**weights, head_bias: np.array([bias], dtype=np.float32)}


@unittest.skipUnless(HAS_TORCH, "PyTorch is not installed")
class ScriptRuns(unittest.TestCase):
    def setUp(self):
        self.weights = initial_weights(ScriptGan)

    def test_the_right_step_is_alike_where_d_is_sure(self):
        for bias in (30, -30, -95, 150, -150):
            self.assertEqual(wrong_rows(ScriptGan, sure(self.weights, bias), is_sure=True), set(), bias)

    def test_float64_alone_is_not_the_script_where_d_is_sure(self):
        runs = [small_run(ScriptGan, sure(self.weights, 30), dtype=dtype).stats for dtype in ("float32", "float64")]
        self.assertEqual(runs[0][0, 0], 50)  # the logarithm of 0 is clamped
        self.assertLess(runs[1][0, 0], 16)

    def test_classes_are_further_values_of_both_networks_inputs_and_the_penalty_is_of_images_alone(self):
        gan = small_gan(ScriptGan, "float64", **conditional_settings(ScriptGan))
        self.assertEqual(gan.generator.model[0].in_features, 3 + 3)
        self.assertEqual(gan.discriminator.model[0].in_features, 16 + 3)
        with torch.no_grad():
            gan.discriminator.model[0].weight[:, 16:] *= 1000  # the slopes of what D is told
        classes = torch.nn.functional.one_hot(torch.tensor([2, 0]), 3).double()
        points = torch.rand(2, 1, 4, 4, dtype=torch.float64, requires_grad=True)
        inputs = torch.cat((points.flatten(1), classes), 1)
        (slopes,) = torch.autograd.grad(gan.discriminator.model[:-1](inputs).sum(), points)
        expected = 10 * ((slopes.flatten(1).norm(dim=1) - 1) ** 2).mean().item()
        gan.shares = torch.ones(2, 1, 1, 1, dtype=torch.float64)  # so that the points are the real images
        penalty = gan._penalty(points.detach(), 0 * points.detach(), script_gan.Classes(classes, None)).item()
        self.assertAlmostEqual(penalty, expected, places=12)

    def test_only_what_clamps_has_a_head_to_make_sure(self):
        self.assertEqual(small_gan(ScriptGan).head_bias, "discriminator.model.4.bias")
        self.assertEqual(small_gan(Dcgan).head_bias, "discriminator.adv_layer.0.bias")
        self.assertIsNone(small_gan(ScriptGan, loss="least_squares").head_bias)
        self.assertIsNone(small_gan(PaperGan).head_bias)

    def test_probabilities_and_gradients_of_the_scripts_sigmoid(self):
        logits = [-150.0, -95.0, -88.5, -40.0, -30.0, -1.0, 0.5, 16.0, 20.0, 150.0]
        for label in (0.0, 1.0):
            results = []
            for sigmoid, dtype in ((torch.nn.Sigmoid(), torch.float32), (script_gan.ScriptsSigmoid(), torch.float64)):
                x = torch.tensor(logits, dtype=dtype, requires_grad=True)
                p = sigmoid(x)
                loss = torch.nn.BCELoss(reduction="none")(p, torch.full_like(p, label))
                (gradient,) = torch.autograd.grad(loss.sum(), x)
                results.append([value.detach().double().numpy() for value in (p, loss, gradient)])
            for float32, float64 in zip(*results):
                np.testing.assert_allclose(float32, float64, rtol=1e-5, atol=1e-37)

    def test_activations_on_the_other_side_of_the_kink(self):
        zero = {"discriminator.model.0.weight": np.zeros((6, 16)), "discriminator.model.0.bias": np.full(6, 1e-9)}
        state = {**self.weights, **{name: values.astype(np.float32) for name, values in zero.items()}}
        near, gradients = gradients_on_both_sides(
            ScriptGan, state, "discriminator.model.1", "discriminator.model.0.bias", 3, 6
        )
        self.assertEqual(len(near), 2 * 2 * 6)  # generated and real rows
        np.testing.assert_allclose(gradients[1] / gradients[0], [1, 1, 1, 0.2, 1, 1], rtol=1e-6)


@unittest.skipUnless(HAS_TORCH, "PyTorch is not installed")
class PaperRuns(unittest.TestCase):
    def setUp(self):
        self.weights = initial_weights(PaperGan)

    def test_units_on_the_other_side_of_their_kink(self):
        zero = {"generator.model.0.weight": np.zeros((7, 3)), "generator.model.0.bias": np.full(7, 1e-9)}
        state = {**self.weights, **{name: values.astype(np.float32) for name, values in zero.items()}}
        near, gradients = gradients_on_both_sides(PaperGan, state, "generator.model.1", "generator.model.0.bias", 3, 7)
        self.assertEqual(len(near), 2 * 7)
        self.assertTrue(np.all(gradients[0] != 0))
        np.testing.assert_allclose(gradients[1] / gradients[0], [1, 1, 1, 0, 1, 1, 1], rtol=1e-6)

    def test_pieces_that_are_equal_but_for_rounding(self):
        bias = np.tile(np.array([0, 2e-9, 1e-9]), 6)  # of three pieces the second wins, the third is near
        zero = {"discriminator.model.1.weight": np.zeros((18, 16)), "discriminator.model.1.bias": bias}
        state = {**self.weights, **{name: values.astype(np.float32) for name, values in zero.items()}}
        near, gradients = gradients_on_both_sides(
            PaperGan, state, "discriminator.model.2", "discriminator.model.1.bias", 3, 6
        )
        self.assertEqual(len(near), 2 * 2 * 6)
        before, after = (gradient.reshape(6, 3) for gradient in gradients)
        self.assertTrue(np.all(before[:, 1] != 0) and np.all(before[:, [0, 2]] == 0))
        np.testing.assert_allclose(after[3], before[3][[0, 2, 1]], rtol=1e-6)
        np.testing.assert_allclose(np.delete(after, 3, axis=0), np.delete(before, 3, axis=0), rtol=1e-6)

    def test_the_winner_is_the_largest_piece(self):
        maxout = kinks.Maxout(2)
        self.assertEqual(maxout(torch.tensor([[1.0, 3.0, 2.0, 2.0]])).tolist(), [[3.0, 2.0]])

    def test_schedules_follow_updates_and_epochs(self):
        sgd = optimizers.SGD_MOMENTUM
        self.assertEqual([sgd.momentum(epoch) for epoch in (0, 249, 1000)], [0.5, 0.7, 0.7])
        self.assertEqual(sgd.rate(0), 0.1)
        self.assertAlmostEqual(sgd.rate(1000), 0.1 / 1.000004**1000)
        self.assertEqual(sgd.rate(10**7), 1e-6)


class Tool(unittest.TestCase):
    def test_it_is_skipped_without_pytorch(self):
        for program, words in (("compare_pytorch", []), ("parity/record_fixtures.py", ["unused"]),
                               ("parity/record_convolutions.py", ["--out", "unused"]),
                               ("parity/train_published_gan.py", ["--data", "unused", "--out", "unused"])):
            command = [sys.executable, "-S", "-E", str(ROOT / "tools" / program), *words]  # -S: no installed packages
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, SKIPPED, done.stderr)
            self.assertIn("skipped: PyTorch is not installed", done.stdout)
            done = subprocess.run([*command[:4], "--help"], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"Example: tools/{program}", done.stdout)


if __name__ == "__main__":
    unittest.main()
