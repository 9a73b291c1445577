// SPDX-License-Identifier: Apache-2.0
#include "gateway/MultipartForm.h"

#include "base/Utf8.h"
#include "gateway/Accept.h"
#include "http/Multipart.h"
#include "http/RequestHead.h"

#include <algorithm>

namespace dalate::gateway {

namespace {

/// The value of a type's charset, any case of the name, quotes taken away; empty: none.
std::string_view charsetOf(std::string_view type) noexcept {
    constexpr std::string_view wanted = "charset=";
    while (!type.empty()) {
        const std::size_t semicolon = type.find(';');
        if (semicolon == std::string_view::npos) return {};
        type.remove_prefix(semicolon + 1);
        while (type.starts_with(' '))
            type.remove_prefix(1);
        if (!http::equalsIgnoringCase(type.substr(0, wanted.size()), wanted)) continue;
        std::string_view value = type.substr(wanted.size());
        value = value.substr(0, value.find(';'));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

class Collecting final : public http::PartSink {
public:
    explicit Collecting(const MultipartFormLimits& limits) : limits_(limits) {}

    void begin(const http::PartHead& head) override {
        if (head.name.size() > limits_.fields.nameBytes) throw Error(413, "core.form.size");
        name_ = head.name;
        bytes_ = {};
        fileName_ = head.fileName;
        type_ = head.contentType;
        if (fileName_) return;
        if (++fields_ > limits_.fields.fields) throw Error(413, "core.form.size");
        const std::string_view charset = charsetOf(type_);
        if (!charset.empty() && !http::equalsIgnoringCase(charset, "utf-8") &&
            !http::equalsIgnoringCase(charset, "us-ascii"))
            throw Error(400, "core.form.charset");
    }

    void content(std::string_view bytes) override {
        // The whole body is fed at once, so the slices of a part lie one behind the other.
        bytes_ = bytes_.empty() ? bytes : std::string_view(bytes_.data(), bytes_.size() + bytes.size());
        if (!fileName_ && bytes_.size() > limits_.fields.valueBytes) throw Error(413, "core.form.size");
    }

    void end() override {
        if (!fileName_) {
            addField();
            return;
        }
        if (fileName_->empty() && bytes_.empty()) return;
        if (form.files.size() == limits_.files)
            throw Error(413, "core.form.files", Value::map([&](MapWriter& m) {
                            m.set("files", static_cast<std::int64_t>(limits_.files));
                        }));
        form.files.push_back({std::move(name_), *std::move(fileName_), std::move(type_), bytes_});
    }

    MultipartForm form;

private:
    void addField() {
        if (findInvalidUtf8(bytes_) != std::string_view::npos || bytes_.find('\0') != std::string_view::npos)
            throw Error(400, "core.form.encoding");
        const auto known = std::find_if(form.fields.begin(), form.fields.end(),
                                        [&](const auto& field) { return field.first == name_; });
        if (known == form.fields.end())
            form.fields.emplace_back(std::move(name_), std::vector<std::string>{std::string(bytes_)});
        else
            known->second.emplace_back(bytes_);
    }

    const MultipartFormLimits& limits_;
    std::size_t fields_ = 0;
    std::string name_, type_;
    std::optional<std::string> fileName_;
    std::string_view bytes_;
};

} // namespace

Result<MultipartForm> parseMultipart(std::string_view contentType, std::string_view body,
                                     const MultipartFormLimits& limits) {
    const auto boundary = http::Multipart::boundaryOf(contentType);
    if (!boundary) return boundary.error();
    Collecting sink(limits);
    http::MultipartLimits most;
    most.parts = limits.fields.fields + limits.files;
    http::Multipart parser(*boundary, sink, most);
    try {
        parser.feed(body);
    } catch (const Error& error) {
        return error;
    }
    if (auto fault = parser.finish()) return *std::move(fault);
    return std::move(sink.form);
}

} // namespace dalate::gateway
