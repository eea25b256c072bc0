#!/usr/bin/env python3
"""First steps with the package duel, to run as a whole or cell by cell, as a notebook.

Usage: first_steps.py FOLDER_OF_IDX_FILES [ITERATIONS]
"""

# %% The device, and the images
import sys
from pathlib import Path

import numpy as np

import duel

folder, iterations = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
print(duel.device())
images = duel.load_images(folder)
print(images, images.pixels.shape, images.pixels.dtype)

# %% A small GAN. Settings that are not named have the values of the preset.
trainer = duel.Trainer(images, "default", latent_dim=32, generator_widths=[64, 128], discriminator_widths=[96, 48])

# %% Training, with a line now and then. A callback that returns False stops it.
def show(stats):
    if stats[-1].iteration % 100 < len(stats):
        print(stats[-1])

history = trainer.train(iterations, on_stats=show)
print("D(x) at the end:", float(np.mean(history["d_real"][-50:])))

# %% Pictures: NumPy arrays, or a PNG
samples = trainer.sample(64, seed=1)
print(samples.shape, samples.dtype, samples.min(), samples.max())
duel.save_grid("samples.png", samples)

# %% A walk between two latents
first, last = trainer.latents(2, seed=7)
steps = np.linspace(0, 1, 8, dtype=np.float32)[:, None]
duel.save_grid("walk.png", trainer.generate((1 - steps) * first + steps * last))

# %% Saving, loading, drawing without a trainer
trainer.save("gan.safetensors")
generator = duel.Generator("gan.safetensors")
assert np.array_equal(generator.sample(64, seed=1), samples)

# %% How good are they? Figures of pixels alone need no classifier.
test = duel.load_images(folder, "test")
quality = duel.evaluate(generator, images, test, samples=100, metrics=["nearest", "border"])
names = duel.metrics()
for key, value in quality["figures"].items():
    print(f"{names[key]}: {value:.4g} (real images: {quality['real'].get(key, float('nan')):.4g})")

# %% Classes, where the images have labels: both networks read them, and a row of the picture is of one class
written = ["samples.png", "walk.png", "gan.safetensors"]
if images.labels is not None:
    count = len(np.unique(images.labels))
    conditional = duel.Trainer(images, classes=count, latent_dim=32, generator_widths=[64, 128], discriminator_widths=[96, 48])
    conditional.train(iterations)
    print("classes:", ", ".join(conditional.classes))
    duel.save_grid("classes.png", conditional.sample(8 * count, seed=1, classes=np.repeat(np.arange(count), 8)))
    written.append("classes.png")

# %% Kernels: every variant of an op, checked against double precision and timed
lab = duel.Lab()
for row in lab.time("adam", case=lab.cases("adam")[0]["case"], seconds=0.05):
    print(f"{row['op']}={row['variant']}: {row['microseconds']:.1f} us, {row['gigabytes_per_second']:.1f} GB/s")
assert all(row["ok"] for row in lab.verify("adam", case=lab.cases("adam")[0]["case"]))
print("written:", *(str(Path(name).resolve()) for name in written))
