// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/Result.h"
#include "gateway/FormFields.h"
#include "services/files/Upload.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::gateway {

/// A multipart body taken apart: fields like those of an urlencoded one, files as they lie in the body.
struct MultipartForm {
    /// One file; its bytes lie in the body.
    struct File {
        std::string field;
        std::string name;
        std::string declaredType;
        std::string_view bytes;
    };

    host::Fields fields;
    /// Without those fields of the form in which nothing was chosen.
    std::vector<File> files;
};

/// What a multipart body may hold at most.
struct MultipartFormLimits {
    FieldLimits fields;
    std::size_t files = 20;
};

/// Takes a body apart that is whole in `body`, which the result borrows: a large body lies in the request's
/// spool file, and nothing of a file is copied. Errors: as `http::Multipart` and `parseFields`, 413
/// `core.form.files` above the limit of files, 400 `core.form.charset` for a field in another charset than
/// UTF-8.
Result<MultipartForm> parseMultipart(std::string_view contentType, std::string_view body,
                                     const MultipartFormLimits& limits = {});

} // namespace dalate::gateway
