// SPDX-License-Identifier: Apache-2.0
#include "services/lists/XmlReader.h"

#include "base/Result.h"

#include <expat.h>

#include <exception>

namespace dalate::services::lists {

namespace {

constexpr int mostDepth = 64;

[[noreturn]] void damaged() {
    throw Error(422, "core.import.unreadable", Value::map([](MapWriter& m) { m.set("fault", "xml"); }));
}

std::string_view local(std::string_view name) noexcept {
    return name.substr(name.rfind(':') + 1);
}

} // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const noexcept {
    for (const char** at = all_; *at; at += 2)
        if (name == *at) return at[1];
    return {};
}

struct XmlReader::Impl {
    XmlEars ears;
    XML_Parser parser = nullptr;
    int depth = 0;
    /// What an ear threw; it must not pass through expat.
    std::exception_ptr thrown;

    ~Impl() { XML_ParserFree(parser); }

    template <class F>
    static void guarded(void* self, F&& tell) {
        auto& impl = *static_cast<Impl*>(self);
        if (impl.thrown) return;
        try {
            tell(impl);
        } catch (...) {
            impl.thrown = std::current_exception();
            XML_StopParser(impl.parser, XML_FALSE);
        }
    }
    static void begin(void* self, const char* name, const char** attributes) {
        guarded(self, [&](Impl& impl) {
            if (++impl.depth > mostDepth) damaged();
            if (impl.ears.begin) impl.ears.begin(local(name), XmlAttributes(attributes));
        });
    }
    static void end(void* self, const char* name) {
        guarded(self, [&](Impl& impl) {
            --impl.depth;
            if (impl.ears.end) impl.ears.end(local(name));
        });
    }
    static void text(void* self, const char* bytes, int length) {
        guarded(self, [&](Impl& impl) {
            if (impl.ears.text) impl.ears.text({bytes, static_cast<std::size_t>(length)});
        });
    }
    static void doctype(void* self, const char*, const char*, const char*, int) {
        guarded(self, [](Impl&) { damaged(); });
    }

    void parse(std::string_view piece, bool last) {
        const auto state =
            XML_Parse(parser, piece.data(), static_cast<int>(piece.size()), last ? XML_TRUE : XML_FALSE);
        if (thrown) std::rethrow_exception(thrown);
        if (state != XML_STATUS_OK) damaged();
    }
};

XmlReader::XmlReader(XmlEars ears) : impl_(std::make_unique<Impl>()) {
    impl_->ears = std::move(ears);
    impl_->parser = XML_ParserCreate(nullptr);
    if (!impl_->parser) throw std::bad_alloc();
    XML_SetUserData(impl_->parser, impl_.get());
    XML_SetElementHandler(impl_->parser, Impl::begin, Impl::end);
    XML_SetCharacterDataHandler(impl_->parser, Impl::text);
    XML_SetStartDoctypeDeclHandler(impl_->parser, Impl::doctype);
}

XmlReader::~XmlReader() = default;

void XmlReader::add(std::string_view piece) {
    if (!piece.empty()) impl_->parse(piece, false);
}

void XmlReader::finish() {
    impl_->parse({}, true);
}

} // namespace dalate::services::lists
