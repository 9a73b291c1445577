/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C contract between the dalate runtime and a plugin. C++ plugins use the headers beside this one and
 * never touch it directly.
 *
 * Rules of the contract
 *  - A plugin exports one symbol, dalate_plugin_v1_get, and carries one ELF note, .note.dalate, which the
 *    runtime reads before it loads the library.
 *  - Same major, plugin minor <= host minor: the plugin loads. While the major is 0 the contract may still
 *    change between minors and both must be equal.
 *  - Tables are size-prefixed and append-only. An entry's meaning, units and ownership never change.
 *  - OWNERSHIP, unless an entry says otherwise: what a plugin passes in is borrowed until the call returns; what
 *    the host hands out is borrowed until the *invoke* that received it returns (it lies in the call's arena).
 *    Nothing is freed on the other side of the boundary.
 *  - THREADS: a dalate_call belongs to the thread on which invoke runs. A plugin's invoke may run on several
 *    threads at once, each with its own call. create, bind, start, quiesce, stop and destroy run one at a time.
 *  - No exception, no C++ type and no errno crosses. An unknown constant is answered with 400, never ignored.
 *  - Times are microseconds since 1970-01-01T00:00:00Z; money is integer fen; text is UTF-8.
 */
#ifndef DALATE_ABI_H
#define DALATE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DALATE_ABI_MAJOR 0
#define DALATE_ABI_MINOR 2
#define DALATE_SDK_VERSION "0.2.0"

/* Borrowed bytes; UTF-8 where text is meant; never NUL-terminated. */
typedef struct {
    const char* p;
    size_t n;
} dalate_str;

/* One node of the flat value form (value.hpp); n == 0 is null. */
typedef struct {
    const char* p;
    size_t n;
} dalate_value;

/* 0 is success; any other number is the HTTP status that tells the failure best. */
typedef int32_t dalate_status;
#define DALATE_OK 0

typedef struct dalate_host dalate_host;     /* one plugin's place in the host; lives from create to destroy */
typedef struct dalate_call dalate_call;     /* one request, job, event, service call, guard or effect */
typedef struct dalate_tx dalate_tx;         /* OWNERSHIP: from db_begin to db_end; ended by the host at the latest with the call */
typedef struct dalate_rows dalate_rows;     /* OWNERSHIP: from db_run to rows_free; freed by the host at the latest with its tx */
typedef struct dalate_binder dalate_binder; /* valid during bind only */

/* Kinds of call, as call_kind answers. */
#define DALATE_CALL_REQUEST 1
#define DALATE_CALL_JOB 2
#define DALATE_CALL_EVENT 3
#define DALATE_CALL_SERVICE 4
#define DALATE_CALL_START 5
/* Of a case that is about to move, in the transaction of the move: a write transaction of these calls joins it, and
 * is undone with it. The engine has judged role, relation and version before. A guard says no by a failure and may
 * not write (400); what either sees of scoped tables is everything. */
#define DALATE_CALL_GUARD 6
#define DALATE_CALL_EFFECT 7

/* Kinds of handler that a plugin binds; the name is the one in plugin.json. */
#define DALATE_BIND_ROUTE 1   /* routes[].name */
#define DALATE_BIND_JOB 2     /* jobs[].name */
#define DALATE_BIND_EVENT 3   /* subscribes[] */
#define DALATE_BIND_SERVICE 4 /* provides[]: "<name>/<major>.<method>" */
#define DALATE_BIND_GUARD 5   /* a name under "guard" in a file of cases/ */
#define DALATE_BIND_EFFECT 6  /* a name under "effects" in a file of cases/ */

/* Text fields of a call for call_text. `name` is used where one is named. */
#define DALATE_FIELD_METHOD 1
#define DALATE_FIELD_PATH 2         /* as sent, without query */
#define DALATE_FIELD_PARAM 3        /* name: a path parameter, percent-decoded */
#define DALATE_FIELD_QUERY 4        /* name: first value of a declared query parameter */
#define DALATE_FIELD_FORM 5         /* name: first value of a form field */
#define DALATE_FIELD_HEADER 6       /* name: a request header, any case */
#define DALATE_FIELD_LANGUAGE 7     /* zh-CN, en, mn-Mong */
#define DALATE_FIELD_REQUEST_ID 8
#define DALATE_FIELD_BASE_URL 9     /* scheme and authority as the client sees them, no trailing slash */
#define DALATE_FIELD_PLUGIN_PATH 10 /* "/<id>" */
#define DALATE_FIELD_FAILURE 11     /* message id of the last failure of the call, set by an entry or by fail(); 404: none */
#define DALATE_FIELD_SUBJECT 12     /* of a job: its id; of an event: its name; of a service call: "<name>/<major>.<method>";
                                       of a guard or an effect: its name */

/* Structured parts of a call for call_value. */
#define DALATE_PART_QUERY 1     /* map of lists of text */
#define DALATE_PART_FORM 2      /* map of lists of text */
#define DALATE_PART_JSON 3      /* the body, parsed strictly; 400 where it is not JSON */
#define DALATE_PART_PRINCIPAL 4 /* {kind, user, name, organisation, organisationName, roles[], token} */
#define DALATE_PART_ARGUMENTS 5 /* of every call but a request and the start */
#define DALATE_PART_FAILURE 6   /* details of the last failure of the call; null: none */
#define DALATE_PART_UPLOADS 7   /* of a request with a multipart body: list of {field, name, type, size, upload} */

/* Cells of a row and values of a parameter. */
#define DALATE_CELL_NULL 0
#define DALATE_CELL_INTEGER 1
#define DALATE_CELL_REAL 2
#define DALATE_CELL_TEXT 3
#define DALATE_CELL_BLOB 4

typedef struct {
    int32_t tag;
    int32_t reserved; /* 0 */
    int64_t i;
    double r;
    dalate_str s;
} dalate_cell;

typedef struct {
    dalate_str name; /* without the colon */
    dalate_cell value;
} dalate_param;

#define DALATE_TX_READ 0
#define DALATE_TX_WRITE 1

#define DALATE_LOG_DEBUG 1
#define DALATE_LOG_INFO 2
#define DALATE_LOG_WARNING 3
#define DALATE_LOG_ERROR 4

#define DALATE_DIGEST_SHA256 1
#define DALATE_DIGEST_SM3 2

/* Every entry that takes a call (or its transaction or rows) and answers with a status other than 0 has set the
 * call's failure first, as fail() does, so that a plugin may simply return that status. Not a failure: 404 from
 * call_text, call_value, rows_next and can. A later reply or render replaces the failure. */
typedef struct dalate_host_v1 {
    uint32_t size;
    uint16_t major, minor;

    /* Log line with a message id of the plugin's catalogue and typed fields (a map). Never personal data. */
    void (*log)(dalate_host*, int32_t level, dalate_str message_id, dalate_value fields);

    /* What the call is and what it carries. 404: no such field. */
    int32_t (*call_kind)(dalate_call*);
    dalate_status (*call_text)(dalate_call*, int32_t field, dalate_str name, dalate_str* out);
    dalate_status (*call_value)(dalate_call*, int32_t part, dalate_value* out);
    /* Length of the request body, and bytes of it from `offset` (short only at the end). */
    int64_t (*body_size)(dalate_call*);
    dalate_status (*body_read)(dalate_call*, int64_t offset, size_t most, dalate_str* out);
    /* Microseconds left before the call is over its time; negative once it is. */
    int64_t (*deadline)(dalate_call*);

    /* The answer. The last reply, render or fail of a call wins; header applies to whichever it is. */
    dalate_status (*reply)(dalate_call*, int32_t http, dalate_str content_type, dalate_str body);
    dalate_status (*reply_append)(dalate_call*, dalate_str bytes); /* more of the body of the last reply */
    dalate_status (*reply_header)(dalate_call*, dalate_str name, dalate_str value); /* 400: CR, LF or NUL */
    /* `page` is "<id>/<name>" of a template of the plugin, without ".mustache"; 400: no such page. */
    dalate_status (*render)(dalate_call*, int32_t http, dalate_str page, dalate_value model);
    dalate_status (*reply_value)(dalate_call*, dalate_value result); /* of a job or a service call */
    /* A refusal: status, message id of the plugin's texts, values for the text. Problem JSON or an error page. */
    void (*fail)(dalate_call*, int32_t status, dalate_str message_id, dalate_value details);

    /* Storage. One transaction open at a time in a call; a write transaction must be asked for. SQL may name only
     * the plugin's own tables; a scoped table needs {scope:alias}. `rows` may be NULL for statements without
     * rows. Failures: 409 unique, foreign key or check; 503 busy; 400 refused statement; fail() is already set. */
    dalate_status (*db_begin)(dalate_call*, int32_t mode, dalate_tx** out);
    dalate_status (*db_end)(dalate_tx*, int32_t commit);
    dalate_status (*db_run)(dalate_tx*, dalate_str sql, const dalate_param* params, size_t count, size_t stride,
                            dalate_rows** rows, int64_t* affected);
    /* 404 when there is no further row. Cells are valid until the next rows_next or rows_free. */
    dalate_status (*rows_next)(dalate_rows*, const dalate_cell** cells, size_t* count, size_t* stride);
    void (*rows_free)(dalate_rows*);

    /* Whether the caller holds a permission (404 if not), a declared setting, a text in the caller's language. */
    dalate_status (*can)(dalate_call*, dalate_str permission);
    dalate_status (*setting)(dalate_host*, dalate_str name, dalate_str* out);
    dalate_status (*text)(dalate_call*, dalate_str message_id, dalate_value values, dalate_str* out);

    /* The one door to shared services ("jobs/1") and to other plugins' ("people/1"); tx may be NULL. */
    dalate_status (*service)(dalate_call*, dalate_tx*, dalate_str name_major, dalate_str method, dalate_value in,
                             dalate_value* out);

    /* What needs no library in the plugin. */
    dalate_status (*json_parse)(dalate_call*, dalate_str json, dalate_value* out);
    dalate_status (*json_write)(dalate_call*, dalate_value value, dalate_str* out);
    dalate_status (*digest)(dalate_call*, int32_t algorithm, dalate_str bytes, dalate_str* out);
    /* A file of the plugin's gathered folder below data/, e.g. "business-steps.json". OWNERSHIP: host, until destroy. */
    dalate_status (*data_file)(dalate_host*, dalate_str path, dalate_str* out);
    int64_t (*now)(dalate_host*);
    int64_t (*new_id)(dalate_host*); /* time-ordered, 63 bits, unique */
} dalate_host_v1;

/* Names a handler of `kind`; `handler` is the number that invoke will be given. 400: no such declaration. */
typedef dalate_status (*dalate_bind_fn)(dalate_binder*, int32_t kind, dalate_str name, uint32_t handler);

typedef struct dalate_plugin_v1 {
    uint32_t size;
    uint16_t major, minor;

    /* `*self` is the plugin's; the host hands it back in every other entry. `host` and the table live until destroy
     * has returned. */
    dalate_status (*create)(const dalate_host_v1* table, dalate_host* host, void** self);
    /* Declares handlers; no I/O, no services. */
    dalate_status (*bind)(void* self, dalate_bind_fn bind, dalate_binder* binder);
    dalate_status (*start)(void* self, dalate_call*);
    void (*quiesce)(void* self); /* no new calls will come; those running go on */
    void (*stop)(void* self);    /* no call is running; follows every start that succeeded, and only those */
    void (*destroy)(void* self); /* follows every create that succeeded */
    /* The only hot entry: every kind of call but the start. A status other than 0 without fail() is a 500. */
    dalate_status (*invoke)(void* self, uint32_t handler, dalate_call*);
} dalate_plugin_v1;

/* The plugin's one exported symbol. The table is the plugin's and lives as long as the process. */
const dalate_plugin_v1* dalate_plugin_v1_get(void);

/* Descriptor of .note.dalate: owner "dalate", type 1. */
#define DALATE_NOTE_OWNER "dalate"
#define DALATE_NOTE_TYPE 1
typedef struct {
    uint16_t major, minor;
    char sdk[12]; /* NUL-padded version text */
} dalate_note;

#ifdef __cplusplus
}
#endif
#endif
