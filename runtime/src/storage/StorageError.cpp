// SPDX-License-Identifier: Apache-2.0
#include "storage/StorageError.h"

#include <openssl/sha.h>

namespace dalate::storage {

namespace {

int statusOf(StorageError::Kind kind) {
    using Kind = StorageError::Kind;
    switch (kind) {
    case Kind::unique:
    case Kind::foreignKey:
    case Kind::check:
        return 409;
    case Kind::busy:
        return 503;
    case Kind::full:
        return 507;
    case Kind::refused:
        return 400;
    case Kind::other:
        break;
    }
    return 500;
}

const char* idOf(StorageError::Kind kind) {
    using Kind = StorageError::Kind;
    switch (kind) {
    case Kind::unique:
        return "core.storage.unique";
    case Kind::foreignKey:
        return "core.storage.foreign_key";
    case Kind::check:
        return "core.storage.check";
    case Kind::busy:
        return "core.storage.busy";
    case Kind::full:
        return "core.storage.full";
    case Kind::refused:
        return "core.storage.refused";
    case Kind::other:
        break;
    }
    return "core.storage.failed";
}

} // namespace

StorageError::StorageError(Kind kind, Value details)
    : Error(statusOf(kind), idOf(kind), std::move(details)), kind_(kind) {}

StorageError StorageError::refusal(std::string_view sql, std::string_view reason, std::string_view table) {
    return StorageError(Kind::refused, Value::map([&](MapWriter& m) {
                            m.set("statement", digestOf(sql)).set("reason", reason);
                            if (!table.empty()) m.set("table", table);
                        }));
}

std::string digestOf(std::string_view sql) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(sql.data()), sql.size(), digest);
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (int i = 0; i < 6; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

} // namespace dalate::storage
