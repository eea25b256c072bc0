#!/usr/bin/env python3
"""Example: tests/tools/test_dcgan.py

The published DCGAN in PyTorch: its networks (tools/dcgan_networks.py), and its step as tools/compare_pytorch runs it. Needs
no build.

Exit codes: 0 passed, 1 failed, 77 skipped because PyTorch or NumPy is not installed for this Python.
"""

import importlib.util
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
SKIPPED = 77

for module, name in (("numpy", "NumPy"), ("torch", "PyTorch")):
    if importlib.util.find_spec(module) is None:
        print(f"skipped: {name} is not installed for {sys.executable}")
        sys.exit(SKIPPED)

import numpy as np  # noqa: E402
import torch  # noqa: E402

from dcgan_networks import DcganNetworks  # noqa: E402
from mlp_networks import Sizes  # noqa: E402
from parity import dcgan, dropout  # noqa: E402
from parity.batches import Batch  # noqa: E402
from parity.random_numbers import philox, uniform  # noqa: E402
from published_gan import PublishedGan  # noqa: E402

SMALL = DcganNetworks(Sizes(3, (2, 8, 8), (5, 6, 4), (3, 5)))
THREE = SMALL._replace(sizes=SMALL.sizes._replace(discriminator_widths=(3, 5, 4)))


def shapes(network: torch.nn.Module) -> dict:
    return {name: list(tensor.shape) for name, tensor in network.state_dict().items()}


def of_norm(name: str, channels: int) -> dict:
    tensors = dict.fromkeys(("weight", "bias", "running_mean", "running_var"), [channels])
    return {f"{name}.{key}": shape for key, shape in {**tensors, "num_batches_tracked": []}.items()}


def of_convolution(name: str, channels: int, inputs: int) -> dict:
    return {f"{name}.weight": [channels, inputs, 3, 3], f"{name}.bias": [channels]}


class Networks(unittest.TestCase):
    def test_the_scripts_tensors(self):
        networks = DcganNetworks()
        self.assertEqual(shapes(networks.generator()), {
            "l1.0.weight": [128 * 49, 100], "l1.0.bias": [128 * 49],
            **of_norm("conv_blocks.0", 128),
            **of_convolution("conv_blocks.2", 128, 128), **of_norm("conv_blocks.3", 128),
            **of_convolution("conv_blocks.6", 64, 128), **of_norm("conv_blocks.7", 64),
            **of_convolution("conv_blocks.9", 1, 64),
        })
        self.assertEqual(shapes(networks.discriminator(torch.nn.Sigmoid())), {
            **of_convolution("model.0", 16, 1),
            **of_convolution("model.3", 32, 16), **of_norm("model.6", 32),
            **of_convolution("model.7", 64, 32), **of_norm("model.10", 64),
            **of_convolution("model.11", 128, 64), **of_norm("model.14", 128),
            "adv_layer.0.weight": [1, 128 * 4], "adv_layer.0.bias": [1],
        })

    def test_names_follow_what_is_left_out(self):
        networks = SMALL._replace(generator_norm="none", discriminator_norm="none", hidden_keep=1.0)
        names = ("l1.0", "conv_blocks.1", "conv_blocks.4", "conv_blocks.6")
        self.assertEqual({name.rsplit(".", 1)[0] for name in shapes(networks.generator())}, set(names))
        found = {name.rsplit(".", 1)[0] for name in shapes(networks.discriminator(torch.nn.Identity()))}
        self.assertEqual(found, {"model.0", "model.2", "adv_layer.0"})
        with_norm = networks._replace(discriminator_norm="batch").discriminator(torch.nn.Identity())
        self.assertIn("model.4.running_mean", shapes(with_norm))

    def test_classes_are_further_values_of_latents_and_planes_of_ones_and_zeros_behind_the_images_channels(self):
        networks = SMALL._replace(classes=3)
        self.assertEqual(networks.generator().l1[0].in_features, 3 + 3)
        discriminator = networks.discriminator(torch.nn.Identity()).eval()
        self.assertEqual(list(discriminator.model[0].weight.shape), [3, 2 + 3, 3, 3])
        images, classes = torch.rand(2, 2, 8, 8), torch.tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
        planes = torch.zeros(2, 5, 8, 8)
        planes[:, :2], planes[0, 4], planes[1, 2] = images, 1, 1
        expected = discriminator.adv_layer(discriminator.model(planes).flatten(1))
        self.assertTrue(torch.equal(discriminator(images, classes), expected))
        self.assertTrue(torch.equal(discriminator.score(images, classes), expected))
        self.assertFalse(torch.equal(discriminator(images, classes.flip(0)), expected))

    def test_eps_of_the_first_batch_norm_is_pytorchs(self):
        modules = SMALL.generator().modules()
        self.assertEqual([one.eps for one in modules if isinstance(one, torch.nn.BatchNorm2d)], [1e-5, 0.8, 0.8])
        modules = SMALL.discriminator(torch.nn.Identity()).modules()
        self.assertEqual([one.eps for one in modules if isinstance(one, torch.nn.BatchNorm2d)], [0.8])

    def test_sides(self):
        for side, judged in ((28, (14, 7, 4, 2)), (32, (16, 8, 4, 2)), (20, (10, 5, 3, 2))):
            networks = DcganNetworks(Sizes(3, (1, side, side), (4, 4, 4), (2, 2, 2, 2)))
            self.assertEqual((networks.first_side, networks.judged_sides), (side // 4, judged))
            images = networks.generator()(torch.randn(3, 3))
            self.assertEqual(images.shape, (3, 1, side, side))
            self.assertEqual(networks.discriminator(torch.nn.Identity())(images).shape, (3, 1))
        one_width = DcganNetworks(Sizes(3, (1, 5, 5), (4,), (2,)))
        self.assertEqual(one_width.generator()(torch.randn(3, 3)).shape, (3, 1, 5, 5))

    def test_initial_values(self):
        torch.manual_seed(1)
        networks = DcganNetworks()
        generator, discriminator = networks.generator(), networks.discriminator(torch.nn.Identity())
        for weight, mean in ((generator.conv_blocks[2].weight, 0), (discriminator.model[11].weight, 0),
                             (generator.conv_blocks[0].weight, 1), (discriminator.model[14].weight, 1)):
            self.assertAlmostEqual(weight.mean().item(), mean, delta=0.006)
            self.assertAlmostEqual(weight.std().item(), 0.02, delta=0.004)
        self.assertEqual(generator.conv_blocks[3].bias.abs().max().item(), 0)
        for weights, inputs in ((generator.l1[0], 100), (generator.conv_blocks[6], 128 * 9)):
            limit = inputs**-0.5  # PyTorch's default
            self.assertLessEqual(weights.bias.abs().max().item(), limit)
            self.assertGreater(weights.bias.abs().max().item(), 0.9 * limit)
        self.assertAlmostEqual(discriminator.adv_layer[0].weight.abs().max().item(), 512**-0.5, delta=1e-3)

    def test_an_image_by_hand(self):
        """One channel of one pixel, which becomes four; without batch norm."""
        networks = DcganNetworks(Sizes(1, (1, 2, 2), (1, 1), (1,)), generator_norm="none", hidden_keep=1.0)
        generator, discriminator = networks.generator().double(), networks.discriminator(torch.nn.Identity()).double()
        rising = torch.arange(1.0, 10.0).view(1, 1, 3, 3)
        with torch.no_grad():
            for linear in (generator.l1[0], discriminator.adv_layer[0]):
                linear.weight.fill_(-2)
                linear.bias.fill_(1)
            for convolution in (generator.conv_blocks[1], generator.conv_blocks[3], discriminator.model[0]):
                convolution.weight.copy_(rising / 100)
                convolution.bias.fill_(0.1)
            images = generator(torch.tensor([[1.0]]).double())
            score = discriminator(images).item()
        pixel = 1 - 2 * 1.0
        sums = np.array([[5 + 6 + 8 + 9, 4 + 5 + 7 + 8], [2 + 3 + 5 + 6, 1 + 2 + 4 + 5]]) / 100  # of the taps inside
        hidden = pixel * sums + 0.1
        hidden = np.where(hidden > 0, hidden, 0.2 * hidden)
        taps = np.arange(1.0, 10.0).reshape(3, 3) / 100
        padded = np.pad(hidden, 1)
        expected = [[np.tanh((padded[y : y + 3, x : x + 3] * taps).sum() + 0.1) for x in (0, 1)] for y in (0, 1)]
        np.testing.assert_allclose(images[0, 0].numpy(), expected, rtol=1e-7)
        judged = (np.pad(np.array(expected), 1)[:3, :3] * taps).sum() + 0.1
        self.assertAlmostEqual(score, 1 - 2 * (judged if judged > 0 else 0.2 * judged), places=7)


class Step(unittest.TestCase):
    def made(self, kind, networks, **arguments):
        torch.manual_seed(1)
        return kind(torch.float64, networks=networks, **arguments)

    def batch(self) -> Batch:
        random = np.random.default_rng(1)
        return Batch(random.standard_normal((6, 3)), random.uniform(-1, 1, (6, 128)), 4)

    def test_one_pass_teaches_both_players_what_the_scripts_passes_do(self):
        networks, batch = SMALL._replace(hidden_keep=1.0), self.batch()
        ours, script = self.made(dcgan.Dcgan, networks), self.made(PublishedGan, networks)
        result = ours.iterate(batch, np.arange(6))
        expected = script.step(torch.tensor(batch.latents), torch.tensor(batch.real_images).view(6, 2, 8, 8))
        for one, other in zip(result, expected):
            np.testing.assert_allclose(one.detach().numpy(), other.detach().numpy(), rtol=1e-12)
        for network in ("generator", "discriminator"):
            found, wanted = getattr(ours, network).state_dict(), getattr(script, network).state_dict()
            for name, tensor in wanted.items():
                if network == "generator" or "running" not in name and "batches" not in name:
                    np.testing.assert_allclose(found[name].numpy(), tensor.numpy(), atol=1e-10, err_msg=name)
        # D's running statistics: the script's move for the generated images twice.
        self.assertEqual(ours.discriminator.model[4].num_batches_tracked.item(), 2)
        self.assertEqual(script.discriminator.model[4].num_batches_tracked.item(), 3)

    def test_running_statistics_move_for_the_real_images_first(self):
        gan, batch = self.made(dcgan.Dcgan, SMALL._replace(hidden_keep=1.0)), self.batch()
        means = []
        below = gan.discriminator.model[:4]
        with torch.no_grad():
            for images in (torch.tensor(batch.real_images).view(6, 2, 8, 8), gan.generate(batch)):
                means.append(below(images).mean((0, 2, 3)).numpy())
        gan.iterate(batch, np.arange(6))
        expected = 0.9 * (0.9 * 0 + 0.1 * means[0]) + 0.1 * means[1]
        np.testing.assert_allclose(gan.discriminator.model[4].running_mean.numpy(), expected, rtol=1e-12)

    def test_the_scripts_own_dropout_takes_channels_and_trains(self):
        gan = self.made(PublishedGan, SMALL)
        self.assertEqual(sum(isinstance(one, torch.nn.Dropout2d) for one in gan.discriminator.modules()), 2)
        real = torch.rand(16, 2, 8, 8, dtype=torch.float64)
        losses = [gan.step(torch.randn(16, 3).double(), real).discriminator_loss.item() for _ in range(40)]
        self.assertLess(np.mean(losses[-5:]), np.mean(losses[:5]))


class Masks(unittest.TestCase):
    def made(self, networks=THREE, **arguments):
        torch.manual_seed(1)
        return dcgan.Dcgan(torch.float64, networks=networks, seed=7, **arguments)

    def dropouts(self, gan):
        return [one for one in gan.discriminator.modules() if isinstance(one, dropout.GivenDropout)]

    def test_layers_are_counted_with_batch_norm(self):
        self.assertEqual([one.layer for one in self.dropouts(self.made())], [1, 2, 4])
        without_norm = self.made(THREE._replace(discriminator_norm="none"))
        self.assertEqual([one.layer for one in self.dropouts(without_norm)], [1, 2, 3])

    def test_a_channel_stays_or_goes_whole(self):
        gan = self.made()
        gan.iterate(Batch(np.ones((6, 3)), np.ones((6, 128)), 4), np.arange(6)[::-1].copy())
        first, second, third = self.dropouts(gan)
        self.assertEqual((first.mask.shape, second.mask.shape), ((6, 3, 1, 1), (6, 5, 1, 1)))
        # The last pass was that of the generated images, which come after the real ones, here in the order 11, 10, ...
        for layer, module in ((1, first), (2, second), (4, third)):
            for row, sample in enumerate(range(11, 5, -1)):
                for channel in range(module.mask.shape[1]):
                    counter = (channel // 4, sample, dropout.DROPOUT_DRAW + layer, 4)
                    word = philox(7, [np.array([value]) for value in counter])[channel % 4]
                    self.assertEqual(module.mask[row, channel, 0, 0].item(), uniform(word)[0] < 0.75)
        values = torch.rand(6, 3, 4, 4, dtype=torch.float64)
        kept = first(values)
        whole = (kept == values / 0.75).flatten(2).all(2) | (kept == 0).flatten(2).all(2)
        self.assertTrue(whole.all())
        self.assertTrue((kept == 0).any() and (kept > 0).any())

    def test_the_mistake_drops_pixels(self):
        self.assertEqual([one.shape for one in self.dropouts(self.made(pixel_dropout=True))],
                         [(3, 4, 4), (5, 2, 2), (4, 1, 1)])


class Settings(unittest.TestCase):
    def test_duels_names_go_around(self):
        changed = {"generator_widths": [8, 4], "discriminator_widths": [4, 8], "hidden_keep": 1.0,
                   "discriminator_norm": "none", "generator_norm": "none"}
        networks = dcgan.networks_of(changed)
        self.assertEqual((networks.sizes.generator_widths, networks.discriminator_norm), ((8, 4), "none"))
        self.assertEqual(dcgan.settings_of(networks), {"networks": "dcgan", "image_size": 28, **changed})
        self.assertEqual(dcgan.networks_of({}), DcganNetworks())


if __name__ == "__main__":
    unittest.main()
