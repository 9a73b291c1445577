// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <variant>

#include <dalate/error.hpp>

namespace dalate {

/// Either a value or the error that stands in its place. For outcomes that a caller decides on at once;
/// what only the edge can answer is thrown as `Error`.
template <class T>
class Result {
public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    explicit operator bool() const noexcept { return std::holds_alternative<T>(state_); }
    const Error& error() const { return std::get<Error>(state_); }

    T& operator*() & { return std::get<T>(state_); }
    const T& operator*() const& { return std::get<T>(state_); }
    T* operator->() { return &std::get<T>(state_); }
    const T* operator->() const { return &std::get<T>(state_); }

    /// The value, or the error thrown.
    T take() && {
        if (!*this) throw std::get<Error>(std::move(state_));
        return std::get<T>(std::move(state_));
    }

private:
    std::variant<T, Error> state_;
};

} // namespace dalate
