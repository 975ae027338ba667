/* web/openapi.yaml, carried by the program (web/openapi.py makes it). Static. */
#ifndef WEB_SERVER_CONTRACT_H
#define WEB_SERVER_CONTRACT_H

extern const char *const contract_yaml;
extern const char *const contract_json;

#endif
