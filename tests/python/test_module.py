#!/usr/bin/env python3
"""The Python package: arrays in and out, training, errors, signals, threads, kernels; and PyTorch's answer for the same weights."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from support import ROOT, SMALL, stripes

import numpy as np

import duel

KERNEL_FILE = ROOT / "examples" / "kernels" / "adam_one_value_per_thread.cu"


def trainer(**settings) -> duel.Trainer:
    return duel.Trainer(stripes(), **{**SMALL, **settings})


class InFolder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.place = Path(holder.name)


class Arrays(InFolder):
    def test_images_come_back_as_they_were_given(self):
        for channels in (1, 3):
            images = stripes(channels=channels)
            self.assertEqual(len(images), 120)
            self.assertEqual(images.pixels.dtype, np.uint8)
            again = duel.Images(images.pixels, images.labels)
            np.testing.assert_array_equal(again.pixels, images.pixels)
            np.testing.assert_array_equal(again.labels, images.labels)
        self.assertIsNone(duel.Images(images.pixels).labels)
        self.assertEqual(duel.Images(images.pixels[::2, ::-1]).pixels.tolist(), images.pixels[::2, ::-1].tolist())

    def test_pixels_and_labels_that_are_none_are_refused(self):
        pixels = stripes().pixels
        for wrong in (pixels.astype(np.float32), pixels[0], pixels[:0], "text", None):
            with self.assertRaises(ValueError):
                duel.Images(wrong)
        with self.assertRaisesRegex(ValueError, r"expected 1 or 3 channels .* pass pixels.transpose\(0, 3, 1, 2\)"):
            duel.Images(np.zeros((4, 8, 8, 3), np.uint8))
        with self.assertRaisesRegex(ValueError, r"labels are \[3\]; expected \[120\]"):
            duel.Images(pixels, np.zeros(3, np.uint8))

    def test_tensors_go_to_files_and_come_back(self):
        tensors = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.array([1, 2], np.int64), "c": np.zeros((), np.float64),
                   "d": np.array([[7]], np.uint8), "transposed": np.arange(6, dtype=np.float32).reshape(2, 3).T}
        duel.write_safetensors(self.place / "x.safetensors", tensors, {"by": "a test"})
        for name, array in duel.read_safetensors(self.place / "x.safetensors").items():
            self.assertEqual(array.dtype, tensors[name].dtype)
            np.testing.assert_array_equal(array, tensors[name])
        with self.assertRaisesRegex(ValueError, "tensor x is float16; expected"):
            duel.write_safetensors(self.place / "y", {"x": np.zeros(2, np.float16)})
        (self.place / "short").write_bytes(b"123")
        with self.assertRaises(duel.DataError):
            duel.read_safetensors(self.place / "short")

    def test_a_grid_is_a_png(self):
        duel.save_grid(self.place / "grid.png", np.zeros((4, 1, 8, 8)), columns=2)
        self.assertEqual((self.place / "grid.png").read_bytes()[:4], b"\x89PNG")
        with self.assertRaises(duel.ConfigError):
            duel.save_grid(self.place / "grid.png", np.zeros((8, 8)))


class Settings(unittest.TestCase):
    def test_settings_are_those_of_a_preset_and_what_is_named(self):
        self.assertEqual(duel.presets(), ["default", "blog", "paper", "dcgan", "lsgan", "hinge", "wgan", "wgan_gp"])
        settings = duel.config("blog", latent_dim=12, generator_widths=(4, 5))
        self.assertEqual((settings["latent_dim"], settings["generator_widths"]), (12, [4, 5]))
        self.assertEqual(duel.config("blog")["batch_norm_eps"], 0.8)
        self.assertEqual(duel.config(settings), settings)

    def test_networks_bring_their_widths(self):
        settings = duel.config(networks="dcgan", discriminator_widths=(4, 5))
        self.assertEqual((settings["generator_widths"], settings["discriminator_widths"]), ([128, 128, 64], [4, 5]))
        self.assertEqual((settings["discriminator_norm"], settings["hidden_keep"]), ("batch", 0.75))
        self.assertEqual(duel.config(settings), settings)
        self.assertEqual(duel.config("dcgan")["batch_norm_eps"], 0.8)
        with self.assertRaisesRegex(duel.ConfigError, "networks: expected mlp or dcgan, found 'cnn'"):
            duel.config(networks="cnn")

    def test_a_wrong_setting_is_named(self):
        for wrong, message in (({"batchsize": 1}, "did you mean batch_size"), ({"batch_size": 1}, "batch_size"), ({"loss": "mse"}, "loss"),
                               ({"learning_rate": "fast"}, "learning_rate")):
            with self.assertRaisesRegex(duel.ConfigError, message):
                duel.config(**wrong)
        with self.assertRaisesRegex(duel.ConfigError, "did you mean paper"):
            duel.config("papr")
        self.assertTrue(issubclass(duel.ConfigError, (ValueError, duel.Error)))


class Training(InFolder):
    def test_statistics_have_the_penalty_that_is_in_the_loss(self):
        history = trainer(loss="wasserstein", real_label=1, gradient_penalty=10).train(3)
        without = history["d_fake"] - history["d_real"]
        np.testing.assert_allclose(history["penalty"], history["discriminator_loss"] - without, rtol=1e-4, atol=1e-5)
        self.assertTrue(all(history["penalty"] > 0))

    def test_statistics_of_every_iteration_come_once_and_in_order(self):
        seen = []
        one = trainer()
        history = one.train(40, on_stats=seen.extend)
        self.assertEqual([stats.iteration for stats in seen], list(range(40)))
        np.testing.assert_array_equal(history["iteration"], range(40))
        np.testing.assert_array_equal(history["generator_loss"], np.float32([stats.generator_loss for stats in seen]))
        self.assertEqual(set(history["penalty"]), {0.0})
        self.assertEqual(one.iteration, 40)
        self.assertEqual(one.step().iteration, 40)
        self.assertEqual(len(one.train(0)["d_real"]), 0)

    def test_equal_seeds_train_equally_in_steps_or_at_once(self):
        one, other = trainer(seed=3), trainer(seed=3)
        one.train(20)
        for _ in range(20):
            other.step()
        np.testing.assert_array_equal(one.sample(5), other.sample(5))
        self.assertFalse(np.array_equal(one.sample(5), trainer(seed=4).sample(5)))

    def test_pictures_of_latents_and_of_seeds(self):
        one = trainer()
        images = one.sample(6, seed=2)
        self.assertEqual((images.shape, images.dtype), ((6, 1, 8, 8), np.float32))
        np.testing.assert_array_equal(one(one.latents(6, seed=2)), images)
        np.testing.assert_array_equal(one(one.latents(6, seed=2).tolist()), images)
        self.assertEqual((one.image_range, one.image_shape, one.latent_dim), ((-1, 1), (1, 8, 8), 8))
        self.assertEqual(one.judge(images).shape, (6,))
        with self.assertRaisesRegex(ValueError, "latents hold 3 values; expected rows of 8"):
            one(np.zeros(3))
        with self.assertRaises(duel.ConfigError):
            one.sample(0)
        color = duel.Trainer(stripes(channels=3), **SMALL)
        self.assertEqual(color.sample(2).shape, (2, 3, 8, 8))

    def test_networks_of_convolutions(self):
        one = duel.Trainer(stripes(channels=3), networks="dcgan", latent_dim=4, generator_widths=[4, 3], discriminator_widths=[2, 3], batch_size=8)
        one.train(3)
        images = one.sample(5, seed=1)
        self.assertEqual((images.shape, one.judge(images).shape), ((5, 3, 8, 8), (5,)))
        self.assertEqual(one.state()["generator.conv_blocks.2.weight"].shape, (3, 4, 3, 3))
        one.save(self.place / "dcgan.safetensors")
        np.testing.assert_array_equal(duel.Generator(self.place / "dcgan.safetensors").sample(5, seed=1), images)

    def test_colours_are_planes(self):
        red = np.zeros((64, 3, 8, 8), np.uint8)
        red[:, 0] = 200
        first = duel.Trainer(duel.Images(red), image_head="sigmoid", **SMALL).sample(16)  # about the mean image
        self.assertGreater(first[:, 0].mean(), first[:, 1:].mean() + 0.3)

    def test_a_callback_stops_the_training(self):
        one = trainer()
        one.train(100_000, on_stats=lambda stats: False)
        self.assertLess(one.iteration, 1000)
        with self.assertRaises(ZeroDivisionError):
            one.train(100_000, on_stats=lambda stats: 1 / 0)
        before = one.iteration
        one.train(3)
        self.assertEqual(one.iteration, before + 3)

    def test_a_state_continues_exactly(self):
        one, other = trainer(), trainer()
        one.train(10)
        one.save(self.place / "state.safetensors")
        other.load(self.place / "state.safetensors")
        self.assertEqual(other.iteration, 10)
        one.train(10), other.train(10)
        for name, array in one.state().items():
            np.testing.assert_array_equal(array, other.state()[name])
        generator = duel.Generator(self.place / "state.safetensors")
        fresh = trainer()
        fresh.load(self.place / "state.safetensors")
        np.testing.assert_array_equal(generator.sample(4), fresh.sample(4))
        self.assertIn("generator.model.0.weight", duel.read_safetensors(self.place / "state.safetensors"))
        warm = trainer()
        warm.load_weights(self.place / "state.safetensors")
        self.assertEqual(warm.iteration, 0)

    def test_errors_have_the_engines_messages(self):
        with self.assertRaisesRegex(duel.DataError, "nowhere"):
            duel.load_images(self.place / "nowhere")
        with self.assertRaises(duel.DataError):
            duel.Generator(self.place / "nowhere.safetensors")
        with self.assertRaises(OSError) as raised:
            trainer().save(self.place / "no" / "folder" / "x.safetensors")
        self.assertEqual(raised.exception.errno, 2)
        other = "cuda" if duel.device().is_cpu else "cpu"
        with self.assertRaises(duel.DeviceError):
            duel.select_device(other)
        with self.assertRaises(ValueError):
            trainer(kernels=["adam=nothing"])
        with self.assertRaises(duel.NonFiniteError):
            trainer(learning_rate=1e30).train(200)

    def test_others_run_meanwhile_but_not_on_the_same_trainer(self):
        one, refused, ticks = trainer(), [], []
        with self.assertRaisesRegex(RuntimeError, "busy"):
            one.train(50, on_stats=lambda stats: one.step())
        entered = threading.Event()

        def other():
            entered.wait()
            try:
                one.step()
            except RuntimeError as error:
                refused.append(error)
            ticks.append(1)

        thread = threading.Thread(target=other)
        thread.start()

        def on_stats(stats):
            entered.set()
            return not ticks  # ends when the other thread has had its turn

        one.train(10_000_000, on_stats=on_stats)
        thread.join()
        self.assertEqual(len(refused), 1)

    def test_control_c_ends_a_training_and_leaves_the_trainer_as_it_is(self):
        one = trainer()
        pressed = []

        def on_stats(stats):
            if not pressed:
                pressed.append(1)
                os.kill(os.getpid(), signal.SIGINT)

        with self.assertRaises(KeyboardInterrupt):
            one.train(10_000_000, on_stats=on_stats)
        self.assertTrue(np.isfinite(one.sample(2)).all())


class Classes(InFolder):
    """A conditional GAN of the four classes of stripes."""

    def test_samples_of_classes_by_number_and_by_name(self):
        one = trainer(classes=4)
        one.train(10)
        self.assertEqual(one.classes, ["0", "1", "2", "3"])
        images = one.sample(6, seed=2)
        np.testing.assert_array_equal(one.sample(6, seed=2, classes=[0, 1, 2, 3, 0, 1]), images)
        np.testing.assert_array_equal(one.sample(6, seed=2, classes=np.arange(6) % 4), images)
        threes = one.sample(6, seed=2, classes=3)
        np.testing.assert_array_equal(one.sample(6, seed=2, classes=["3", 3] * 3), threes)
        np.testing.assert_array_equal(threes[3], images[3])
        self.assertFalse(np.array_equal(threes[0], images[0]))

    def test_rows_and_latents(self):
        one = trainer(classes=4)
        rows = one.latents(6, seed=2)
        self.assertEqual(rows.shape, (6, one.latent_dim + 4))
        np.testing.assert_array_equal(rows[:, 8:], np.eye(4, dtype=np.float32)[[0, 1, 2, 3, 0, 1]])
        np.testing.assert_array_equal(one.latents(6, seed=2, classes=1)[:, :8], rows[:, :8])
        images = one.sample(6, seed=2)
        np.testing.assert_array_equal(one(rows), images)
        np.testing.assert_array_equal(one.generate(rows[:, :8], classes=[0, 1, 2, 3, 0, 1]), images)
        between = (rows[0] + rows[1]) / 2  # also of classes
        self.assertEqual(one(between).shape, (1, 1, 8, 8))

    def test_d_judges_an_image_by_its_class(self):
        one, images = trainer(classes=4), np.zeros((6, 1, 8, 8), np.float32)
        scores = one.judge(images, [0, 1, 2, 3, 0, 1])
        self.assertEqual(len(set(scores.tolist())), 4)
        np.testing.assert_array_equal(one.judge(images, "2"), np.full(6, scores[2]))

    def test_a_checkpoint_knows_the_classes(self):
        labels = np.array([3, 7, 9, 20], np.uint8)[stripes().labels]  # class c has the c-th smallest label
        one = duel.Trainer(duel.Images(stripes().pixels, labels), classes=4, **SMALL)
        self.assertEqual(one.classes, ["3", "7", "9", "20"])
        one.save(self.place / "state.safetensors")
        generator = duel.Generator(self.place / "state.safetensors")
        self.assertEqual(generator.classes, one.classes)
        np.testing.assert_array_equal(generator.sample(3, classes="20"), one.sample(3, classes=3))

    def test_names_of_a_folder(self):
        def idx(array):
            return b"\0\0\x08" + bytes([array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()

        (self.place / "train-images-idx3-ubyte").write_bytes(idx(stripes().pixels))
        (self.place / "train-labels-idx1-ubyte").write_bytes(idx(stripes().labels))
        (self.place / "dataset.json").write_text('{"classes": {"0": "top", "1": "high", "2": "low", "3": "bottom"}}')
        one = duel.Trainer(duel.load_images(self.place), classes=4, **SMALL)
        self.assertEqual(one.classes, ["top", "high", "low", "bottom"])
        np.testing.assert_array_equal(one.sample(3, classes="low"), one.sample(3, classes=2))

    def test_wrong_classes_are_refused_by_name(self):
        one, plain = trainer(classes=4), trainer()
        for wrong, message in ((4, "there is no class 4; expected 0 to 3 or a name"), (-1, "no class -1"), (1.5, "no class 1.5"), ("12", "no class '12'"),
                               ([0, 1], "classes are 2; expected one, or one for each of 3 images"), ([0, None, 1], "no class None")):
            with self.assertRaisesRegex(duel.ConfigError, message):
                one.sample(3, classes=wrong)
        with self.assertRaisesRegex(duel.ConfigError, "these networks read no classes"):
            plain.sample(3, classes=1)
        self.assertEqual((plain.classes, plain.latents(2).shape), ([], (2, 8)))
        with self.assertRaisesRegex(duel.ConfigError, "latents have no classes; .* or rows of 12 values"):
            one(np.zeros((3, 8)))
        with self.assertRaisesRegex(ValueError, "latents hold 30 values; expected rows of 12"):
            one(np.zeros((3, 10)))
        with self.assertRaisesRegex(ValueError, "latents hold 30 values; expected rows of 8"):
            one(np.zeros((3, 10)), classes=1)
        with self.assertRaisesRegex(ValueError, "one for each of 2 images"):
            one.judge(np.zeros((2, 64)))

    def test_images_must_have_as_many_classes(self):
        for images, found in ((stripes(), "120 labels of 4 classes"), (duel.Images(stripes().pixels), "0 labels of 0 classes")):
            with self.assertRaisesRegex(ValueError, f"the 120 images have {found}; expected a label for each, of 5 classes"):
                duel.Trainer(images, classes=5, **SMALL)
        with self.assertRaisesRegex(duel.ConfigError, "classes is 257; expected a whole number from 0 to 256"):
            trainer(classes=257)


class Quality(InFolder):
    def test_figures_of_samples_and_of_real_images(self):
        lines = []
        result = duel.evaluate(trainer(), stripes(), stripes(60), samples=40, metrics=["nearest", "duplicates"],
                               classifier_cache=self.place, on_progress=lines.append)
        self.assertTrue(lines)
        self.assertLessEqual(set(result["real"]), set(result["figures"]))
        self.assertLessEqual(set(result["figures"]), set(duel.metrics()))
        self.assertTrue(result["figures"])
        with self.assertRaisesRegex(duel.ConfigError, "there is no metric 'fid'"):
            duel.evaluate(trainer(), stripes(), stripes(), metrics=["fid"])

    def test_classes_of_samples_are_a_conditional_generators_or_given(self):
        def figures(source, **arguments):
            result = duel.evaluate(source, stripes(), stripes(60), samples=40, classifier_cache=self.place, **arguments)
            return result["figures"]

        conditional = trainer(classes=4)
        self.assertIn("confirmed_classes", figures(conditional))
        self.assertNotIn("confirmed_classes", figures(trainer()))
        real = stripes(40).pixels[:, None].astype(np.float32) / 127.5 - 1
        self.assertGreater(figures(real, metrics=["classes"], classes=stripes(40).labels)["confirmed_classes"], 0.9)
        shifted = (stripes(40).labels + 1) % 4
        self.assertLess(figures(real, metrics=["classes"], classes=shifted)["confirmed_classes"], 0.1)
        with self.assertRaisesRegex(duel.ConfigError, "metric 'classes' is of samples whose classes somebody asked for"):
            figures(trainer(), metrics=["classes"])

    def test_a_listener_ends_the_measurement(self):
        def stop(line):
            raise StopIteration(line)

        with self.assertRaises(StopIteration):
            duel.evaluate(trainer(), stripes(), stripes(60), samples=40, metrics=["nearest"], on_progress=stop)


class Kernels(unittest.TestCase):
    def test_variants_are_verified_and_timed(self):
        lab = duel.Lab()
        self.assertIn("adam", lab.ops())
        name = lab.cases("adam")[0]["case"]
        rows = lab.verify("adam", case=name)
        self.assertTrue(rows and all(row["ok"] and row["wrong"] == "" for row in rows))
        timed = lab.time("adam", case=name, seconds=0.01)
        self.assertEqual({row["variant"] for row in timed}, {row["variant"] for row in rows})
        self.assertTrue(all(row["microseconds"] > 0 for row in timed))
        with self.assertRaisesRegex(ValueError, "there is no op"):
            lab.verify("adm")
        with self.assertRaisesRegex(ValueError, "no case"):
            lab.verify("adam", case="nothing of this name")

    def test_a_kernel_file_joins_them_and_trains(self):
        with tempfile.TemporaryDirectory() as cache:
            os.environ["XDG_CACHE_HOME"] = cache
            lab = duel.Lab([KERNEL_FILE])
            own = [row["variant"] for row in lab.variants("adam") if row["from_outside"]]
            self.assertEqual(own, ["one_value_per_thread"])
            self.assertTrue(lab.verify("adam", own, case=lab.cases("adam")[0]["case"])[0]["ok"])
            settings = dict(step="plain", kernel_files=[KERNEL_FILE], kernels=["adam=one_value_per_thread"])
            one = trainer(**settings)
            one.train(5)
            self.assertIn("adam=one_value_per_thread", one.kernels)
            with self.assertRaisesRegex(ValueError, "does not exist"):
                duel.Lab(["/nowhere.cu"])


@unittest.skipUnless(importlib.util.find_spec("torch"), "PyTorch is not installed for this Python")
class PyTorch(unittest.TestCase):
    def test_the_published_generator_draws_the_same_from_the_same_weights(self):
        sys.path.insert(0, str(ROOT / "tools"))
        import torch
        from mlp_networks import ClassInput, Generator, Sizes

        one = trainer()
        one.train(30)
        sizes = Sizes(latent_dim=8, image_shape=(1, 8, 8), generator_widths=(16, 32), discriminator_widths=(24, 16))
        network = Generator(one.config["batch_norm_eps"], sizes).eval()
        prefix = "generator_average." if one.config["ema_decay"] else "generator."
        network.load_state_dict({name.removeprefix(prefix): torch.from_numpy(array) for name, array in one.state().items()
                                 if name.startswith(prefix + "model.")})
        latents = torch.randn(50, 8)
        with torch.no_grad():
            expected = network(latents).numpy()
        np.testing.assert_allclose(one(latents), expected, atol=1e-5)
        for kind in ("one_hot", "embedding"):
            conditional = trainer(classes=4, class_input=kind)
            conditional.train(30)
            network = Generator(conditional.config["batch_norm_eps"], sizes, ClassInput(4, kind)).eval()
            network.load_state_dict({name.removeprefix(prefix): torch.from_numpy(array)
                                     for name, array in conditional.state().items()
                                     if name.startswith((prefix + "model.", prefix + "label_embedding."))})
            classes = torch.arange(50) % 4
            with torch.no_grad():
                expected = network(latents, torch.nn.functional.one_hot(classes, 4).float()).numpy()
            np.testing.assert_allclose(conditional(latents, classes=classes), expected, atol=1e-5)
        shared = torch.from_dlpack(one.sample(3))
        self.assertEqual(tuple(shared.shape), (3, 1, 8, 8))

    def test_the_published_dcgan_draws_and_judges_the_same_with_the_same_weights(self):
        self.check_dcgan(0)

    def test_a_conditional_dcgan_draws_and_judges_the_same_with_the_same_weights(self):
        self.check_dcgan(4)

    def check_dcgan(self, count_of_classes):
        sys.path.insert(0, str(ROOT / "tools"))
        import torch
        from dcgan_networks import DcganNetworks
        from mlp_networks import Sizes

        torch.manual_seed(1)
        widths = dict(generator_widths=(6, 5, 4), discriminator_widths=(3, 4, 5))
        networks = DcganNetworks(Sizes(8, (3, 8, 8), **widths), classes=count_of_classes)
        classes = torch.arange(50) % count_of_classes if count_of_classes else None
        one_hot = classes if classes is None else torch.nn.functional.one_hot(classes, count_of_classes).float()
        players = {"generator": networks.generator(), "discriminator": networks.discriminator(torch.nn.Identity())}
        latents, noise = torch.randn(50, 8), 2 * torch.rand(50, 3, 8, 8) - 1
        weights = {}
        with torch.no_grad():
            for (player, network), inputs in zip(players.items(), (latents, noise)):
                for parameter in network.parameters():
                    parameter *= 20 if parameter.dim() == 4 else 1  # so that images and scores differ
                network(inputs, one_hot)  # moves running statistics
                weights.update({f"{player}.{name}": tensor.numpy() for name, tensor in network.eval().state_dict().items()})
            images, scores = (network(inputs, one_hot).numpy() for network, inputs in zip(players.values(), (latents, noise)))
        self.assertGreater(min(images.std(0).mean(), scores.std()), 0.01)
        one = duel.Trainer(stripes(channels=3), "dcgan", latent_dim=8, batch_size=16, classes=count_of_classes, **widths)
        with tempfile.TemporaryDirectory() as folder:
            duel.write_safetensors(Path(folder) / "weights.safetensors", weights)
            one.load_weights(Path(folder) / "weights.safetensors")
        np.testing.assert_allclose(one(latents, classes=classes), images, atol=1e-5)
        np.testing.assert_allclose(one.judge(noise.numpy(), classes=classes), scores[:, 0], atol=1e-5)


if __name__ == "__main__":
    unittest.main()
