// SPDX-License-Identifier: Apache-2.0
#include "log/BatchedStatement.h"

namespace dalate::traceability {

const std::array<std::string, BatchedStatement::longest>& BatchedStatement::names() {
    static const auto all = [] {
        std::array<std::string, longest> made;
        for (std::size_t i = 0; i < longest; ++i)
            made[i] = "n" + std::to_string(i);
        return made;
    }();
    return all;
}

BatchedStatement::BatchedStatement(std::string_view head, std::string_view tail) {
    for (std::size_t at = 0; at < lengths.size(); ++at) {
        std::string& sql = texts_[at];
        sql = head;
        for (std::size_t i = 0; i < lengths[at]; ++i)
            sql += (i ? ", :" : ":") + names()[i];
        sql += tail;
    }
}

const std::string& BatchedStatement::text(std::size_t length) const noexcept {
    return texts_[static_cast<std::size_t>(std::find(lengths.begin(), lengths.end(), length) -
                                           lengths.begin())];
}

} // namespace dalate::traceability
