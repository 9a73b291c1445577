// SPDX-License-Identifier: Apache-2.0
#include "desk/CaseFiles.h"

#include "services/files/FileStore.h"
#include "services/forms/DraftFiles.h"
#include "services/forms/Drafts.h"
#include "services/forms/Form.h"
#include "storage/Tx.h"

#include <algorithm>
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

CaseFiles::CaseFiles(CaseVisit& page, std::string subject) : page_(page), subject_(std::move(subject)) {
    const gateway::Visitor& who = page.visit().who;
    // A visitor has no name to come back under: her files are this request's alone.
    object_ = forms::draftObject(
        who.principal.isPerson() ? std::to_string(who.principal.user) : who.requestId, subject_);
}

std::vector<std::string> CaseFiles::fieldsOf(const forms::Form* form) {
    std::vector<std::string> names;
    if (!form) return names;
    for (const forms::Field& field : form->fields)
        if (field.type == forms::FieldType::file) names.push_back(field.name);
    return names;
}

Value CaseFiles::posted(storage::Tx& tx, const forms::Form* form) {
    const gateway::Visit& visit = page_.visit();
    for (const files::Upload& upload : visit.uploads) {
        const forms::Field* field = form ? form->field(upload.field) : nullptr;
        if (!field || field->type != forms::FieldType::file) continue;
        const std::int64_t id = page_.parts().files.keep(
            tx, upload, {page_.declared().plugin, object_, files::Visibility::owner, visit.who.principal});
        fresh_.emplace_back(upload.field, std::to_string(id));
    }
    return Value::map([&](MapWriter& m) {
        for (const auto& [name, id] : fresh_)
            m.list(name, [&, &only = id](ListWriter& list) { list.add(only); });
        for (const auto& [name, values] : visit.form) {
            if (isFresh(name)) continue;
            m.list(name, [&, &all = values](ListWriter& list) {
                for (const std::string& value : all)
                    list.add(value);
            });
        }
    });
}

bool CaseFiles::isFresh(std::string_view field) const {
    return std::any_of(fresh_.begin(), fresh_.end(), [&](const auto& one) { return one.first == field; });
}

Value CaseFiles::withoutFresh(ValueView posted) const {
    return Value::map([&](MapWriter& m) {
        for (const ValueView member : posted)
            if (!isFresh(member.key())) m.set(member.key(), member);
    });
}

forms::MayUseFile CaseFiles::mayUse(storage::Tx& tx) const {
    return [&tx, object = object_, plugin = page_.declared().plugin](std::string_view file) {
        const auto found = files::FileStore::find(tx, idIn(file));
        return found && found->plugin == plugin && found->object == object;
    };
}

void CaseFiles::keepNamed(storage::Tx& tx, const forms::Form* form, ValueView onPage) {
    if (!form || !form->hasFiles()) return;
    std::vector<std::int64_t> named;
    const auto note = [&](ValueView raw) {
        for (const std::string& field : fieldsOf(form))
            for (const ValueView text : raw[field])
                named.push_back(idIn(text.text()));
    };
    note(onPage);
    const std::int64_t user = page_.visit().who.principal.user;
    const std::string& plugin = page_.declared().plugin;
    const auto draft = forms::Drafts::find(tx, {user, plugin, form->name, subject_}, now());
    if (draft) note(draft->raw);
    files::FileStore::removeBut(tx, plugin, object_, named);
}

void CaseFiles::give(storage::Tx& tx, const forms::Form* form, ValueView answers, std::int64_t caseId) {
    if (!form || !form->hasFiles()) return;
    auto who = page_.who();
    // A visitor may not see the case that she has opened; what came with her form is tied to it all the same.
    if (who.principal->isAnonymous()) who.principal = nullptr;
    const std::string& plugin = page_.declared().plugin;
    const std::string to = "case/" + std::to_string(caseId);
    for (const forms::Field& field : form->fields) {
        if (field.type != forms::FieldType::file) continue;
        const auto file = files::FileStore::find(tx, idIn(answers[field.name].text()));
        if (!file || file->plugin != plugin || file->object != object_) continue;
        // What a personal question was answered with is no attachment for every reader of the case.
        files::FileStore::hand(tx, plugin, file->id, field.personal ? to + personalPart : to,
                               files::Visibility::caseReaders);
        if (!field.personal) page_.parts().engine.attach(tx, who, caseId, file->id, file->name);
    }
    files::FileStore::removeBut(tx, plugin, object_, {});
}

} // namespace dalate::desk
