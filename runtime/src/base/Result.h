// SPDX-License-Identifier: Apache-2.0
// `Error` and `Result<T>` are the SDK's: runtime and plugins say a refusal in the same words.
#pragma once

#include <dalate/result.hpp>
