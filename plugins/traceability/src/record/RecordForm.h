// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "record/FarmRecord.h"
#include "story/Wording.h"

#include <dalate/request.hpp>

#include <map>

namespace dalate::traceability {

/// A farmer's form: at most five questions, each answered from what her cooperative has registered or in her own words.
class RecordForm {
public:
    struct Choice {
        std::string value, label;
    };
    /// What the questions offer.
    struct Choices {
        std::vector<Choice> crops;     ///< product and plot: "<gtin>|<place>"
        std::vector<Choice> lots;      ///< lot URIs
        std::vector<Choice> receivers; ///< parties and places of others
    };

    RecordForm(FarmRecord::Kind kind, Choices choices, const Wording& wording)
        : kind_(kind), choices_(std::move(choices)), wording_(wording) {}

    /// Answers "which day" with today, before anything was posted. `number` tells this form from every other.
    void startOn(Time now, std::int64_t number) {
        answers_["day"] = Wording::date(now);
        number_ = std::to_string(number);
    }

    /// Takes the posted answers; nothing and `problems` where some are wrong.
    std::optional<FarmRecord> read(const Request& request);

    /// The form's number and its answers after `read`: the same again is the same form sent twice, by a double click
    /// or a page loaded anew. Empty where the form brought no number.
    std::string submission() const;

    /// The model of traceability/record-form, with the answers and the problems of `read`.
    Value model(std::string_view action) const;

    /// False where the cooperative has registered nothing that could be chosen.
    bool canBeAnswered() const noexcept;

private:
    void writeField(ListWriter& fields, std::string_view name) const;
    std::string answer(std::string_view name) const;
    void wrong(std::string_view name, std::string_view problem);
    std::string chosen(std::string_view name, const std::vector<Choice>& among);
    std::string words(std::string_view name, std::size_t most);
    std::string number(std::string_view name);
    std::string wholeNumber(std::string_view name, std::int64_t most);
    Time day(Time now);
    const std::vector<Choice>& choicesOf(std::string_view name) const;

    FarmRecord::Kind kind_;
    Choices choices_;
    const Wording& wording_;
    std::string number_;
    std::map<std::string, std::string, std::less<>> answers_;
    std::map<std::string, std::string, std::less<>> problems_; // by field: text id
};

/// The questions of a form, in their order.
std::vector<std::string_view> questionsOf(FarmRecord::Kind kind);

} // namespace dalate::traceability
