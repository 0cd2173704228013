/** Minutes of services are counted from their single checks, which are kept for longer than they are shown. */
export const serviceMinutes = `
DELETE FROM service_rollups WHERE step = 'minute';
`;
