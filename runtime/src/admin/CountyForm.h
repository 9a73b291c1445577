// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/Asked.h"
#include "gateway/Pages.h"
#include "gateway/Visitor.h"

#include <string>
#include <string_view>
#include <vector>

namespace dalate::admin {

/// One short form of the county's own pages (`pages/county-form`): its questions, what was answered, what is
/// wrong. Made for one request, sent once, on one thread.
class CountyForm {
public:
    enum class Kind { text, number, date, area, select, check };

    struct Option {
        std::string value;
        std::string label;
    };
    /// Texts are ready to be shown.
    struct Question {
        std::string name;
        Kind kind = Kind::text;
        std::string label;
        std::string hint;
        std::string unit;
        /// Of a date.
        std::string least;
        /// Of a select its choices; of a check its one.
        std::vector<Option> options;
        /// Stands there before anybody answers.
        std::string value;
        bool optional = false;
    };

    /// `action` is where it is posted, `back` where one leaves it, both paths of this site.
    CountyForm(std::string heading, std::string lead, std::string action, std::string back);

    void ask(Question question);
    /// Keeps what the visitor has sent as the questions' values.
    void keep(const gateway::Visit& visit);
    /// Says beside the question what is wrong with its answer.
    void refuse(std::string_view name, std::string text);
    bool isWrong() const noexcept { return !faults_.empty(); }

    /// Status 200, or 422 where something is wrong.
    void send(const gateway::Pages& pages, gateway::Visit& visit) const;

private:
    struct Fault {
        std::string name;
        std::string text;
    };
    void write(MapWriter& m, const Question& question) const;

    std::string heading_, lead_, action_, back_;
    std::vector<Question> questions_;
    std::vector<Fault> faults_;
};

using gateway::goTo;
using gateway::pathNumber;
using gateway::pathParameter;

/// Puts the text `core.<area>.done.<word>` on top of a page that was come to by `goTo`; an unknown word says
/// nothing.
void sayDone(gateway::PageOrder& order, const gateway::Pages& pages, const gateway::Visit& visit,
             std::string_view area, std::initializer_list<std::string_view> words);

} // namespace dalate::admin
