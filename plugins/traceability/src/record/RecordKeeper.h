// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalogue/CatalogueStore.h"
#include "epcis/Vocabulary.h"
#include "record/FarmRecord.h"

#include <dalate/call.hpp>

#include <cstdint>
#include <optional>

namespace dalate::traceability {

/// Writes farmers' records and takes them back, in the caller's write transaction: each is an event of the log and a
/// row of her list. Callers: RecordPages (her form), HarvestSheet (an imported table). Borrows what it is made of.
class RecordKeeper {
public:
    RecordKeeper(const Call& call, Tx& tx, const epcis::Vocabulary& vocabulary) noexcept
        : call_(call), tx_(tx), vocabulary_(vocabulary) {}

    /// Names the lot that is made, stores the event and the row; the row's number, or nothing where an event of
    /// `record.eventId` or of the same content is there already. Throws 422 with the problem of an event that the rules
    /// refuse, 409 `traceability.capture.conflict`.
    std::optional<std::int64_t> keep(FarmRecord record);

    /// Declares the record's event wrong; it stays in the log. Nothing happens where that was done before. Throws 404
    /// `core.not_found` where the caller sees no such record.
    void takeBack(std::int64_t id);

private:
    void nameWhatIsMade(FarmRecord& record, CatalogueStore& catalogue);
    std::int64_t store(ValueView event, Node* node, std::string_view lot);

    const Call& call_;
    Tx& tx_;
    const epcis::Vocabulary& vocabulary_;
};

/// A cooperative registers its buyers too; its own party is the one that bears its name.
bool isOwn(const Party& party, const Call& call);

/// The id of an event that a person asks for by `submission`: the same for the same, and nobody else's.
std::string eventIdOf(const Call& call, const std::string& submission);

} // namespace dalate::traceability
