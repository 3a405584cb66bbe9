#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic: one wrapper for each type of argument.

typedef size_t (*sluice_curl_write)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode sluice_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_set_list(CURL *handle, CURLoption option,
                                            struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_set_write(CURL *handle, CURLoption option,
                                             sluice_curl_write value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sluice_curl_set_blob(CURL *handle, CURLoption option, const void *bytes,
                                            size_t count) {
  struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
  return curl_easy_setopt(handle, option, &blob);
}

static inline CURLcode sluice_curl_status(CURL *handle, long *status) {
  return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, status);
}

typedef size_t (*sluice_curl_read)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode sluice_curl_set_read(CURL *handle, CURLoption option,
                                            sluice_curl_read value) {
  return curl_easy_setopt(handle, option, value);
}
