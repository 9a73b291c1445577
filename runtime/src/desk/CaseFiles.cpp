// SPDX-License-Identifier: Apache-2.0
#include "desk/CaseFiles.h"

#include "services/files/FileStore.h"
#include "services/forms/Form.h"
#include "storage/Tx.h"

#include <charconv>

namespace dalate::desk {

using namespace services;

namespace {

std::int64_t idIn(std::string_view digits) noexcept {
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    return fault == std::errc() && end == digits.data() + digits.size() ? id : 0;
}

} // namespace

CaseFiles::CaseFiles(CaseVisit& page, const std::string& subject) : page_(page) {
    const gateway::Visitor& who = page.visit().who;
    // A visitor has no name to come back under: her files are this request's alone.
    object_ = "draft/" + (who.principal.isPerson() ? std::to_string(who.principal.user) : who.requestId) +
              "/" + subject;
}

Value CaseFiles::posted(storage::Tx& tx, const forms::Form* form) {
    const gateway::Visit& visit = page_.visit();
    std::vector<std::pair<std::string, std::string>> kept;
    for (const files::Upload& upload : visit.uploads) {
        const forms::Field* field = form ? form->field(upload.field) : nullptr;
        if (!field || field->type != forms::FieldType::file) continue;
        const std::int64_t id = page_.parts().files.keep(
            tx, upload, {page_.declared().plugin, object_, files::Visibility::owner, visit.who.principal});
        kept.emplace_back(upload.field, std::to_string(id));
    }
    return Value::map([&](MapWriter& m) {
        for (const auto& [name, id] : kept)
            m.list(name, [&, &only = id](ListWriter& list) { list.add(only); });
        for (const auto& [name, values] : visit.form) {
            bool replaced = false;
            for (const auto& [field, id] : kept)
                replaced = replaced || field == name;
            if (replaced) continue;
            m.list(name, [&, &all = values](ListWriter& list) {
                for (const std::string& value : all)
                    list.add(value);
            });
        }
    });
}

forms::MayUseFile CaseFiles::mayUse(storage::Tx& tx) const {
    return [&tx, &store = page_.parts().files, object = object_,
            plugin = page_.declared().plugin](std::string_view file) {
        const auto found = store.find(tx, idIn(file));
        return found && found->plugin == plugin && found->object == object;
    };
}

void CaseFiles::give(storage::Tx& tx, const forms::Form* form, ValueView answers, std::int64_t caseId) {
    if (!form || !form->hasFiles()) return;
    files::FileStore& store = page_.parts().files;
    const auto who = page_.who();
    for (const forms::Field& field : form->fields) {
        // What a personal question was answered with is no attachment for every reader of the case.
        if (field.type != forms::FieldType::file || field.personal) continue;
        if (const auto file = store.find(tx, idIn(answers[field.name].text())))
            page_.parts().engine.attach(tx, who, caseId, file->id, file->name);
    }
    store.hand(tx, page_.declared().plugin, object_, "case/" + std::to_string(caseId),
               files::Visibility::caseReaders);
}

} // namespace dalate::desk
