// SPDX-License-Identifier: Apache-2.0
#include "storage/Statement.h"

#include <algorithm>

namespace dalate::storage {

namespace {

/// A text beyond this is not kept in its slot after the run.
constexpr std::size_t keptText = 64 * 1024;

} // namespace

struct Statement::Slot {
    std::string name;
    bool bound = false;
    soci::details::exchange_type type = soci::details::x_long_long;
    soci::indicator indicator = soci::i_null;
    long long integer = 0;
    double real = 0;
    std::string text;
    std::unique_ptr<soci::blob> blob;
    std::unique_ptr<soci::details::standard_use_type_backend> use;

    void* address() {
        switch (type) {
        case soci::details::x_double:
            return &real;
        case soci::details::x_stdstring:
            return &text;
        case soci::details::x_blob:
            return blob.get();
        default:
            return &integer;
        }
    }
};

/// The one place where SOCI's errors are caught.
template <class F>
auto Statement::guarded(bool preparing, F&& call) {
    try {
        return call();
    } catch (const soci::soci_error&) {
        throw connection_.fault(sql_, preparing);
    }
}

Statement::Statement(Connection& connection, std::string_view sql, StatementText text,
                     const PluginAccess* access)
    : connection_(connection), sql_(sql), text_(std::move(text)) {
    guarded(true, [&] {
        if (access && text_.kind == StatementText::Kind::change) connection_.readReferences();
        guardFor(access);
        backend_.reset(connection_.session().make_statement_backend());
        backend_->alloc();
        backend_->prepare(text_.sql, soci::details::st_repeatable_query);
    });
    reader_ = connection_.reader(*backend_);
    slots_ = std::vector<Slot>(text_.parameters.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        slots_[i].name = text_.parameters[i];
        if (slots_[i].name != scopeUserParameter && slots_[i].name != scopeOrganisationParameter) ++given_;
    }
}

Statement::~Statement() {
    slots_.clear(); // the bound elements refer to the statement
    if (backend_) backend_->clean_up();
}

void Statement::guardFor(const PluginAccess* access) noexcept {
    Guard& guard = connection_.guard;
    if (guard.mode == Guard::Mode::migration) return;
    guard.mode = access ? Guard::Mode::plugin : Guard::Mode::core;
    guard.rules = access ? access->rules : nullptr;
    guard.text = &text_;
}

bool Statement::execute(Params params, const PluginAccess* access) {
    bind(params, access);
    guardFor(access); // a schema change makes the database prepare once more, here
    return guarded(false,
                   [&] { return backend_->execute(1) == soci::details::statement_backend::ef_success; });
}

bool Statement::fetch() {
    return guarded(false, [&] { return backend_->fetch(1) == soci::details::statement_backend::ef_success; });
}

std::int64_t Statement::finish(bool row) {
    std::int64_t rows = 0;
    for (; row; row = fetch())
        ++rows;
    if (text_.kind != StatementText::Kind::change) return 0;
    // RETURNING answers one row for each, and SOCI counted before the last.
    return rows > 0
               ? rows
               : guarded(false, [&] { return static_cast<std::int64_t>(backend_->get_affected_rows()); });
}

void Statement::reset() noexcept {
    reader_->reset();
    for (Slot& slot : slots_) {
        slot.blob.reset();
        if (slot.text.capacity() > keptText) std::string().swap(slot.text);
    }
}

void Statement::bind(Params params, const PluginAccess* access) {
    std::size_t used = 0;
    for (Slot& slot : slots_) {
        if (slot.name == scopeUserParameter) {
            set(slot, access->scope.user);
            continue;
        }
        if (slot.name == scopeOrganisationParameter) {
            set(slot, access->scope.organisation);
            continue;
        }
        // Callers mostly give them in the order of the text.
        const Param* given = used < params.size() && params[used].name == slot.name ? &params[used] : nullptr;
        if (!given) {
            const auto found = std::find_if(params.begin(), params.end(),
                                            [&](const Param& p) { return p.name == slot.name; });
            if (found == params.end()) refuseParameter(slot.name, "not given");
            given = &*found;
        }
        set(slot, given->value);
        ++used;
    }
    if (params.size() == given_) return;
    for (const Param& p : params) {
        const auto found =
            std::find_if(slots_.begin(), slots_.end(), [&](const Slot& s) { return s.name == p.name; });
        if (found == slots_.end()) refuseParameter(p.name, "not in the statement");
    }
    refuseParameter(params.front().name, "a parameter is given twice");
}

void Statement::set(Slot& slot, const Cell& value) {
    soci::details::exchange_type type = slot.type; // null keeps it
    slot.indicator = soci::i_ok;
    switch (value.tag) {
    case Cell::Tag::null:
        slot.indicator = soci::i_null;
        break;
    case Cell::Tag::integer:
        type = soci::details::x_long_long;
        slot.integer = value.i;
        break;
    case Cell::Tag::real:
        type = soci::details::x_double;
        slot.real = value.r;
        break;
    case Cell::Tag::text:
        type = soci::details::x_stdstring;
        slot.text.assign(value.s);
        break;
    case Cell::Tag::blob:
        type = soci::details::x_blob;
        break;
    }
    guarded(false, [&] {
        const bool blob = type == soci::details::x_blob;
        if (blob && (!slot.blob || value.tag == Cell::Tag::blob)) {
            slot.blob = std::make_unique<soci::blob>(connection_.session());
            slot.blob->append(value.s.data() ? value.s.data() : "", value.s.size());
        }
        if (!slot.bound || slot.type != type || blob) {
            slot.type = type;
            slot.use.reset(backend_->make_use_type_backend());
            slot.use->bind_by_name(slot.name, slot.address(), type, true);
            slot.bound = true;
        }
        slot.use->pre_use(&slot.indicator);
    });
}

void Statement::refuseParameter(std::string_view name, std::string_view reason) const {
    throw Error(500, "core.storage.parameter", Value::map([&](MapWriter& m) {
                    m.set("statement", digestOf(sql_)).set("name", name).set("reason", reason);
                }));
}

} // namespace dalate::storage
