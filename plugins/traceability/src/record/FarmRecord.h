// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "trace/Node.h"

#include <dalate/value.hpp>

#include <optional>
#include <string>

namespace dalate::traceability {

/// What a farmer writes down (农事记录). Each is one EPCIS event and goes the same way as a cooperative's documents:
///
///   harvest    采收      plot lot -> lot        TransformationEvent, commissioning
///   pesticide  用药      on the plot lot        ObjectEvent with pesticide, dose, safeIntervalDays (GB/T 8321)
///   packing    包装      lot -> packed lot      TransformationEvent, packing
///   dispatch   发货      the lot                ObjectEvent, shipping, with the receiver
///
/// A plot lot stands for what grows on one plot in one year; it ties the plot's treatment to the harvests.
struct FarmRecord {
    enum class Kind { harvest, pesticide, packing, dispatch };

    Kind kind = Kind::harvest;
    std::string eventId;        ///< empty: the event's hash will be its id
    Time at = 0;
    std::string plot;           ///< canonical place
    std::string plotLot;        ///< lot URI: what was harvested from or treated
    std::string lot;            ///< lot URI: what was packed or dispatched
    std::string made;           ///< lot URI: what came of it
    std::string kilograms;      ///< JSON number
    std::string pesticide, dose, safeIntervalDays;
    std::string boxes;
    std::string owner, receiver; ///< canonical parties; the owner may be unknown
    std::string vehicle;

    /// The bare event, ready for `epcis::readDocument`.
    Value event() const;
};

std::string_view toText(FarmRecord::Kind kind) noexcept;
std::optional<FarmRecord::Kind> farmRecordKind(std::string_view text) noexcept;

/// The lot number of what grows on `plot` in the year of `at`: P, the plot's GLN, the year's last two digits.
std::string plotLotNumber(std::string_view plot, Time at);

/// `digits` as a JSON number when they are a positive decimal of at most nine digits before and three behind the point.
std::optional<std::string> positiveDecimal(std::string_view digits);

/// The declaration that `stored` (an event of the log) was wrong (EPCIS 2.0 §7.4.1.2).
Value errorDeclarationOf(ValueView stored, Time now);

} // namespace dalate::traceability
