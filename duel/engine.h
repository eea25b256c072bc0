// Public. Trains generators and draws from them; link duel::engine. Public headers are those of this folder and those
// that they include, which begin with this word; the others may change from version to version.
#pragma once

#include "engine/configuration/config.h"
#include "engine/data/float_images.h"
#include "engine/io/idx.h"
#include "engine/io/png.h"
#include "engine/io/safetensors.h"
#include "engine/networks/device_tensor.h"
#include "engine/networks/generator.h"
#include "engine/networks/latents.h"
#include "engine/training/given_inputs.h"
#include "engine/training/trainer.h"
#include "kernels/kernel_selection.h"
#include "kernels/runtime/device.h"
#include "kernels/runtime/error.h"
