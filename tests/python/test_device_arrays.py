#!/usr/bin/env python3
"""Arrays on the device: NumPy and PyTorch share their memory, and keep the trainer alive."""

from __future__ import annotations

import gc
import importlib.util
import unittest
import weakref

from support import SMALL, stripes

import numpy as np

import duel

NAMES = {"generator.model.0.weight", "generator_average.model.0.weight", "discriminator.model.0.weight", "images", "generated"}
ON_HOST = duel.device().is_cpu


def trainer(**settings) -> duel.Trainer:
    return duel.Trainer(stripes(channels=3), **{**SMALL, **settings})


class Protocol(unittest.TestCase):
    def test_what_lies_on_the_device(self):
        one = trainer()
        self.assertNotIn("generated", one.device_arrays())
        one.step()
        arrays = one.device_arrays()
        self.assertLessEqual(NAMES, set(arrays))
        self.assertEqual((arrays["images"].shape, arrays["images"].dtype), ((120, 3, 8, 8), np.uint8))
        self.assertEqual((arrays["generated"].shape, arrays["generated"].dtype), ((16, 3, 8, 8), np.float32))
        self.assertIn("images: U8 [120, 3, 8, 8] on " + duel.device().name, repr(arrays["images"]))
        self.assertEqual(arrays["images"].__dlpack_device__()[0], 1 if ON_HOST else 2)
        plain = set(trainer(ema_decay=0).device_arrays())
        self.assertFalse([name for name in plain if name.startswith("generator_average.")])

    def test_capsules_are_of_the_version_that_the_reader_knows(self):
        array = trainer().device_arrays()["images"]
        self.assertIn('"dltensor"', repr(array.__dlpack__()))
        self.assertIn('"dltensor"', repr(array.__dlpack__(max_version=(0, 8))))
        self.assertIn('"dltensor_versioned"', repr(array.__dlpack__(max_version=(1, 1))))

    def test_copies_other_devices_and_streams_that_are_none_are_refused(self):
        array = trainer().device_arrays()["images"]
        with self.assertRaisesRegex(BufferError, "not copied"):
            array.__dlpack__(copy=True)
        with self.assertRaisesRegex(BufferError, r"stays on its device; Trainer\.state"):
            array.__dlpack__(dl_device=(10, 0))
        array.__dlpack__(dl_device=array.__dlpack_device__(), copy=False)
        for stream in (0, -2):
            with self.assertRaisesRegex(ValueError, "stream: expected None"):
                array.__dlpack__(stream=stream)

    def test_not_while_the_trainer_works(self):
        one = trainer()
        array = one.device_arrays()["images"]
        for call in (one.device_arrays, array.__dlpack__):
            with self.assertRaisesRegex(RuntimeError, "busy"):
                one.train(1, on_stats=lambda stats: call())

    def test_what_nobody_takes_is_released(self):
        one = trainer()
        alive = weakref.ref(one)
        capsules = [array.__dlpack__(max_version=version) for array in one.device_arrays().values() for version in (None, (1, 0))]
        del one
        gc.collect()
        self.assertIsNotNone(alive())
        del capsules
        gc.collect()
        self.assertIsNone(alive())


@unittest.skipUnless(ON_HOST, "NumPy reads memory of the host only")
class NumPy(unittest.TestCase):
    def test_values_are_those_of_the_trainer(self):
        images = stripes(channels=3)
        one = trainer(ema_decay=0.9)
        one.train(3)
        arrays = {name: np.from_dlpack(array) for name, array in one.device_arrays().items()}
        np.testing.assert_array_equal(arrays.pop("images"), images.pixels)
        self.assertEqual(arrays.pop("generated").shape, (16, 3, 8, 8))
        state = one.state()
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, state[name])
        weights = {name for name in state if ".model." in name and not any(part in name for part in (".adam.", "num_batches"))}
        self.assertEqual(set(arrays), weights)

    def test_generated_images_are_those_that_d_judged(self):
        for settings in ({}, {"order": "generator_first"}, {"order": "simultaneous"}):
            one = trainer(**settings)
            last = one.step()
            generated = np.from_dlpack(one.device_arrays()["generated"])
            low, high = one.image_range
            self.assertTrue(np.isfinite(generated).all() and generated.min() >= low and generated.max() <= high)
            self.assertEqual(one.judge(generated).shape, (16,), last)
        one = trainer()
        one.train(one.iterations_per_epoch)  # 120 images: the last batch has 8
        self.assertEqual(one.device_arrays()["generated"].shape[0], 120 % 16)

    def test_memory_is_shared_and_read_only(self):
        one = trainer()
        name = "generator.model.0.weight"
        array = one.device_arrays()[name]
        weight, again = np.from_dlpack(array), np.from_dlpack(array)
        self.assertEqual(weight.ctypes.data, again.ctypes.data)
        self.assertFalse(weight.flags.writeable)
        before = weight.copy()
        one.step()
        self.assertFalse(np.array_equal(weight, before))
        np.testing.assert_array_equal(weight, one.state()[name])

    def test_whatever_takes_arrays_takes_them(self):
        one = trainer()
        one.step()
        arrays = one.device_arrays()
        shared = np.asarray(arrays["generated"])
        self.assertTrue(np.shares_memory(shared, np.from_dlpack(arrays["generated"])))
        np.testing.assert_array_equal(one.judge(arrays["generated"]), one.judge(shared))
        self.assertEqual(np.asarray(arrays["images"], np.float64).dtype, np.float64)
        copied = np.array(arrays["images"])
        self.assertFalse(np.shares_memory(copied, np.asarray(arrays["images"])))
        np.testing.assert_array_equal(copied, stripes(channels=3).pixels)

    def test_an_array_keeps_its_trainer_alive(self):
        one = trainer()
        alive = weakref.ref(one)
        array = one.device_arrays()["images"]
        pixels = np.from_dlpack(array)
        del one, array
        gc.collect()
        self.assertIsNotNone(alive())
        np.testing.assert_array_equal(pixels, stripes(channels=3).pixels)
        del pixels
        gc.collect()
        self.assertIsNone(alive())


@unittest.skipUnless(importlib.util.find_spec("torch"), "PyTorch is not installed for this Python")
class PyTorch(unittest.TestCase):
    def test_tensors_share_the_memory_and_keep_the_trainer_alive(self):
        import torch

        one = trainer()
        if not ON_HOST and not torch.cuda.is_available():
            self.skipTest("this PyTorch cannot use the GPU")
        alive = weakref.ref(one)
        one.step()
        arrays = one.device_arrays()
        tensors = {name: torch.from_dlpack(array) for name, array in arrays.items()}
        self.assertEqual({tensor.device.type for tensor in tensors.values()}, {"cpu" if ON_HOST else "cuda"})
        self.assertEqual(tensors["images"].data_ptr(), torch.from_dlpack(arrays["images"]).data_ptr())
        self.assertEqual(tensors["generated"].stride()[0], 1)
        one.step()
        name = "discriminator.model.0.weight"
        np.testing.assert_array_equal(tensors[name].cpu().numpy(), one.state()[name])
        weight = tensors[name]
        del one, arrays, tensors
        gc.collect()
        self.assertIsNotNone(alive())
        self.assertTrue(torch.isfinite(weight).all())
        del weight
        gc.collect()
        self.assertIsNone(alive())


if __name__ == "__main__":
    unittest.main()
